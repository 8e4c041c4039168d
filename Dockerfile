# One image, two roles: the indexer and the API workers (docker-compose.yml).
# Its two RUN scripts are the ones that .ci/run calls in an empty environment.

FROM python:3.12-slim-bookworm AS wheel
WORKDIR /src
COPY scripts/build-wheel scripts/build-wheel
COPY requirements-build.lock pyproject.toml README.md LICENSE ./
COPY api api
COPY search_index search_index
RUN python -m venv /build && PATH="/build/bin:$PATH" sh scripts/build-wheel /wheel

FROM python:3.12-slim-bookworm AS environment
WORKDIR /src
COPY scripts/install-wheel scripts/install-wheel
COPY requirements.lock ./
COPY --from=wheel /wheel /wheel
RUN python -m venv /opt/octavo && PATH="/opt/octavo/bin:$PATH" sh scripts/install-wheel /wheel

FROM python:3.12-slim-bookworm
RUN groupadd --gid 10001 octavo \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin octavo \
    && install -d -o 10001 -g 10001 /index /hook \
    && install -d /content
COPY --from=environment /opt/octavo /opt/octavo
ENV PATH="/opt/octavo/bin:$PATH" PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["octavo", "serve", "/content", "--index-dir", "/index", "--host", "0.0.0.0", "--port", "8000"]
