"""What tells Octavo that the content has changed."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.dependencies import QuestionDep
from api.hook import HOOK_PATH
from api.openapi import signed_operation
from api.parameters import Parameters
from api.problems import ProblemError
from api.schemas.hooks import RefreshOutcome, RefreshReceipt
from api.schemas.problems import ErrorCode
from api.service import BODY_KEY

router = APIRouter(tags=["hooks"])

_SIGNATURES = {
    "X-Hub-Signature-256": "GitHub's form: `sha256=` and the hex HMAC-SHA256 of the body",
    "X-GitHub-Event": "GitHub's form: `ping` is answered, and nothing is done",
    "X-GitHub-Delivery": "GitHub's form: the delivery's id",
    "webhook-id": "Standard Webhooks, GitLab's signing token: the delivery's id",
    "webhook-timestamp": "Standard Webhooks: when it was signed, in Unix seconds; at most 300 seconds ago",
    "webhook-signature": "Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of id, timestamp and body, joined by points",
    "X-Gitlab-Token": "GitLab's older form: the secret itself",
    "X-Octavo-Signature": "By hand: `t=` the Unix seconds, `,v1=` the hex HMAC-SHA256 of these seconds, a point and the body",
}


@router.post(
    HOOK_PATH,
    operation_id="refresh_content",
    summary="Have the content looked at now",
    status_code=202,
    response_model=RefreshReceipt,
    response_description="The indexer was told",
    responses={
        200: {"description": "Nothing was done: a ping, or a delivery that came before", "model": RefreshReceipt}
    },
    openapi_extra=signed_operation(
        Parameters,
        _SIGNATURES,
        ErrorCode.SIGNATURE_INVALID,
        ErrorCode.ROUTE_NOT_FOUND,
        ErrorCode.HOOK_UNAVAILABLE,
    ),
)
async def refresh_content(question: QuestionDep) -> Response:
    """Tells the indexer to look for changes now; it fetches nothing. The request is signed, in one of four forms."""
    hook, request = question.service.hook, question.request
    if hook is None:
        raise ProblemError(ErrorCode.ROUTE_NOT_FOUND, "the hook is not served: see OCTAVO_HOOK_SECRET")
    outcome = await hook.receive(request.headers, request.scope.get(BODY_KEY, b""))
    accepted = outcome is RefreshOutcome.REQUESTED
    return Response(
        RefreshReceipt(accepted=accepted, outcome=outcome).model_dump_json(),
        202 if accepted else 200,
        {"Cache-Control": "no-store"},
        "application/json",
    )
