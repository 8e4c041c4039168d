"""Hugo's own shortcodes give Hugo 0.111's HTML; those that would ask the network give a link."""

from __future__ import annotations

import pytest

from tests.reading.shortcodes.pages import Page, rendered

FRAME = 'style="position: relative; padding-bottom: 56.25%; height: 0; overflow: hidden;"'
VIDEO = 'style="position: absolute; top: 0; left: 0; width: 100%; height: 100%; border:0;"'


def squeezed(html: str) -> str:
    return " ".join(html.split()).replace("> <", "><")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('{{< figure src="a b.jpg" >}}', '<figure><img src="a%20b.jpg"/></figure>'),
        ('{{< figure src="a.jpg" alt="x \\"y\\"" >}}', '<figure><img src="a.jpg" alt="x &quot;y&quot;"/></figure>'),
        (
            '{{< figure src="a.jpg" caption="A **b** & c" >}}',
            '<figure><img src="a.jpg" alt="A b &amp; c"/>'
            "<figcaption><p>A <strong>b</strong> &amp; c</p></figcaption></figure>",
        ),
        (
            '{{< figure src="a.jpg" title="T*" attr="me" attrlink="https://a.example/?b=1&c" class="d e" >}}',
            '<figure class="d e"><img src="a.jpg"/><figcaption><h4>T*</h4>'
            '<p><a href="https://a.example/?b=1&amp;c">me</a></p></figcaption></figure>',
        ),
        (
            '{{< figure src="a.jpg" link="/b" target="_blank" rel="nofollow" width="10" height=20 >}}',
            '<figure><a href="/b" target="_blank" rel="nofollow">'
            '<img src="a.jpg" width="10" height="20"/></a></figure>',
        ),
        ('{{< figure src="javascript:alert(1)" >}}', '<figure><img src="#ZgotmplZ"/></figure>'),
        ('{{< figure src="그림.png" >}}', '<figure><img src="%ea%b7%b8%eb%a6%bc.png"/></figure>'),
    ],
)
def test_figure(tag: str, expected: str) -> None:
    assert squeezed(rendered(tag)) == expected


def test_figure_finds_the_files_of_the_pages_bundle() -> None:
    assert 'src="/posts/one/cat.png"' in rendered(
        '{{< figure src="cat.png" >}}', Page(resources={"cat.png": "/posts/one/cat.png"})
    )


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (
            "{{< youtube abc >}}",
            f'<div {FRAME}><iframe src="https://www.youtube.com/embed/abc" {VIDEO} allowfullscreen title="YouTube Video">'
            "</iframe></div>",
        ),
        (
            '{{< youtube id="abc" autoplay="true" class="c" title="<t>" >}}',
            '<div class="c"><iframe src="https://www.youtube.com/embed/abc?autoplay=1" allowfullscreen title="&lt;t&gt;">'
            "</iframe></div>",
        ),
        (
            "{{< vimeo 123 >}}",
            f'<div {FRAME}><iframe src="https://player.vimeo.com/video/123" {VIDEO} title="vimeo video" '
            "webkitallowfullscreen mozallowfullscreen allowfullscreen></iframe></div>",
        ),
        (
            "{{< vimeo_simple 123 >}}",
            '<div class="s_video_simple __h_video"><a href="https://vimeo.com/123" rel="noopener" target="_blank">'
            "https://vimeo.com/123</a></div>",
        ),
        (
            '{{< gist ann 12ab "x y.go" >}}',
            '<script type="application/javascript" src="https://gist.github.com/ann/12ab.js?file=x%20y.go"></script>',
        ),
        (
            '{{< tweet user="ann" id="12" >}}',
            '<blockquote class="twitter-tweet"><a href="https://twitter.com/ann/status/12">https://twitter.com/ann/status/12</a>'
            "</blockquote>",
        ),
        (
            "{{< x 12 >}}",
            '<blockquote class="twitter-tweet"><a href="https://twitter.com/x/status/12">https://twitter.com/x/status/12</a>'
            "</blockquote>",
        ),
        (
            "{{< instagram ab_C >}}",
            '<blockquote class="instagram-media"><a href="https://www.instagram.com/p/ab_C/">'
            "https://www.instagram.com/p/ab_C/</a></blockquote>",
        ),
    ],
)
def test_embeds(tag: str, expected: str) -> None:
    assert squeezed(rendered(tag)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{{< highlight go "hl_lines=1" >}}\na := "b" // <c>\n\nd\n{{< /highlight >}}\n',
            '<pre><code class="language-go" data-lang="go">a := &quot;b&quot; // &lt;c&gt;\n\nd\n</code></pre>\n',
        ),
        (
            "{{% highlight go %}}\n# no heading\n{{% /highlight %}}\n",
            '<pre><code class="language-go" data-lang="go"># no heading\n</code></pre>\n',
        ),
        (
            "- a\n\n  {{< highlight text >}}\n    b\n  {{< /highlight >}}\n",
            '<ul>\n<li><p>a</p>\n<pre><code class="language-text" data-lang="text">  b\n</code></pre>\n</li>\n</ul>\n',
        ),
        (
            'x {{< highlight html "hl_inline=true" >}}<a>{{< /highlight >}} y\n',
            '<p>x <code class="code-inline language-html">&lt;a&gt;</code> y</p>\n',
        ),
        (
            "{{< highlight md >}}{{</* figure */>}}{{< /highlight >}}\n",
            '<pre><code class="language-md" data-lang="md">{{&lt; figure &gt;}}\n</code></pre>\n',
        ),
    ],
)
def test_highlight_is_plain_code(text: str, expected: str) -> None:
    assert rendered(text) == expected


def test_highlight_numbers_the_lines_where_it_is_asked_to() -> None:
    text = '{{< highlight go "linenos=inline, noClasses=false,linenostart=9" >}}\na\nb\n{{< /highlight >}}\n'
    assert rendered(text) == (
        '<div class="highlight"><pre tabindex="0" class="chroma"><code class="language-go" data-lang="go">'
        '<span class="ln"> 9</span>a\n<span class="ln">10</span>b</code></pre></div>\n'
    )
