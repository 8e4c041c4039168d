"""Code blocks as Hugo's highlighter frames them: lines numbered where the site or the block asks, the code itself plain.

Source: Hugo 0.111, ``markup/highlight``; Chroma 2.5, ``formatters/html``. The lists were taken from Hugo by running it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape

from search_index.reading.tokens import names

OPTION_NAMES = names(
    "anchorlinenos guesssyntax hl_lines hl_inline lineanchors linenos linenostart linenumbersintable noclasses nohl style "
    "tabwidth"
)
"""``linenumbersintable`` and the like, in lower case: attributes of a code block that are meant for the highlighter."""

_LONGEST_NUMBER = 9
_FALSE = frozenset({"", "0", "f", "false"})
_NUMBER_STYLE = "white-space:pre;-webkit-user-select:none;user-select:none;margin-right:0.4em;padding:0 0.4em 0 0.4em;"
_CELL_STYLE = "vertical-align:top;padding:0;margin:0;border:0;"
_TABLE_STYLE = "border-spacing:0;padding:0;margin:0;border:0;"


@dataclass(frozen=True, slots=True)
class HighlightOptions:
    """``markup.highlight``. ``marked_lines``: whether some are to stand out."""

    line_numbers: bool = False
    in_table: bool = True
    first_line: int = 1
    no_classes: bool = True
    style: str = "monokai"
    off: bool = False
    guess: bool = False
    marked_lines: bool = False

    def asked(self, values: Mapping[str, str]) -> HighlightOptions:
        """With what a block or the site says; the names in lower case, the values as they are written."""
        changed = self
        for name, value in values.items():
            changed = changed._with(name, value.strip())
        return changed

    def _with(self, name: str, value: str) -> HighlightOptions:
        on = value.lower() not in _FALSE
        match name:
            case "linenos":
                in_table = value == "table" if value in ("table", "inline") else self.in_table
                return replace(self, line_numbers=on, in_table=in_table)
            case "linenumbersintable":
                return replace(self, in_table=on)
            case "linenostart" if value.isascii() and value.isdigit():
                return replace(self, first_line=int(value[:_LONGEST_NUMBER]))
            case "noclasses":
                return replace(self, no_classes=on)
            case "nohl":
                return replace(self, off=on)
            case "guesssyntax":
                return replace(self, guess=on)
            case "style":
                return replace(self, style=value.lower())
            case "hl_lines":
                return replace(self, marked_lines=True)
        return self


def parse_options(written: str) -> dict[str, str]:
    """``linenos=table,linenostart=199`` of the shortcode; names in lower case."""
    pairs = (part.partition("=") for part in written.replace(" ", "").split(","))
    return {name.lower(): value.strip("\"'") for name, sign, value in pairs if sign}


def numbered(code: str, language: str, options: HighlightOptions) -> str | None:
    """The block with its lines numbered, in its frame; None where Hugo numbers none: it knows no such language, and is not
    to guess."""
    if not options.line_numbers or options.off or not (options.guess or language.lower() in _LANGUAGES):
        return None
    lines = code.rstrip("\n")
    code = lines + "\n" * code.endswith("\n")
    count = lines.count("\n") + 1
    digits = len(str(options.first_line + count - 1))
    numbers = [f"{options.first_line + line:{digits}}" for line in range(count)]
    named = f' class="language-{escape(language)}" data-lang="{escape(language)}"' if language else ""
    return (_beside if options.in_table else _within)(code, numbers, named, options)


def _beside(code: str, numbers: list[str], named: str, options: HighlightOptions) -> str:
    frame, table, cell, number = _attributes(options, "lnt")
    wide = cell.replace(_CELL_STYLE, f"{_CELL_STYLE};width:100%")
    beside = "".join(f"<span{number}>{one}\n</span>" for one in numbers)
    return (
        f'<div{frame}>\n<table{table}><tr><td{cell}>\n<pre tabindex="0"{frame}><code>{beside}</code></pre></td>\n'
        f'<td{wide}>\n<pre tabindex="0"{frame}><code{named}>{_escaped(code)}</code></pre></td></tr></table>\n</div>\n'
    )


def _within(code: str, numbers: list[str], named: str, options: HighlightOptions) -> str:
    frame, _, _, number = _attributes(options, "ln")
    lines = zip(numbers, code.splitlines(keepends=True) or [""], strict=False)
    text = "".join(f"<span{number}>{one}</span>{_escaped(line)}" for one, line in lines)
    return f'<pre tabindex="0"{frame}><code{named}>{text}</code></pre>'


def _attributes(options: HighlightOptions, number: str) -> tuple[str, str, str, str]:
    """Of the frame, the table, its cells and a line's number, which keeps its class for those who ask what is code."""
    if not options.no_classes:
        return ' class="chroma"', ' class="lntable"', ' class="lntd"', f' class="{number}"'
    frame = f"{_COLOURS.get(options.style, _WHITE)}-moz-tab-size:4;-o-tab-size:4;tab-size:4;"
    frame += "display:grid;" if options.marked_lines else ""
    styles = (frame, _TABLE_STYLE, _CELL_STYLE, f"{_NUMBER_STYLE}color:#7f7f7f")
    written = [f' style="{style}"' for style in styles]
    return written[0], written[1], written[2], f' class="{number}"{written[3]}'


def _escaped(code: str) -> str:
    return code.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


_WHITE = "background-color:#fff;"
_COLOURS = {
    "average": "color:#757575;background-color:#000;",
    "base16-snazzy": "color:#e2e4e5;background-color:#282a36;",
    "catppuccin-frappe": "color:#ef9f76;background-color:#303446;",
    "catppuccin-latte": "color:#fe640b;background-color:#eff1f5;",
    "catppuccin-macchiato": "color:#f5a97f;background-color:#24273a;",
    "catppuccin-mocha": "color:#fab387;background-color:#1e1e2e;",
    "doom-one": "color:#b0c4de;background-color:#282c34;",
    "doom-one2": "color:#b0c4de;background-color:#282c34;",
    "dracula": "color:#f8f8f2;background-color:#282a36;",
    "emacs": "background-color:#f8f8f8;",
    "friendly": "background-color:#f0f0f0;",
    "fruity": "color:#fff;background-color:#111;",
    "github-dark": "color:#c9d1d9;background-color:#0d1117;",
    "gruvbox": "color:#ebdbb2;background-color:#282828;",
    "gruvbox-light": "color:#3c3836;background-color:#fbf1c7;",
    "hr_high_contrast": "color:#000;",
    "hrdark": "color:#1d2432;",
    "manni": "background-color:#f0f3f3;",
    "modus-operandi": "color:#000;background-color:#fff;",
    "modus-vivendi": "color:#fff;background-color:#000;",
    "monokai": "color:#f8f8f2;background-color:#272822;",
    "monokailight": "color:#272822;background-color:#fafafa;",
    "native": "color:#d0d0d0;background-color:#202020;",
    "nord": "color:#d8dee9;background-color:#2e3440;",
    "onedark": "color:#abb2bf;background-color:#282c34;",
    "onesenterprise": "color:#000;",
    "paraiso-dark": "color:#e7e9db;background-color:#2f1e2e;",
    "paraiso-light": "color:#2f1e2e;background-color:#e7e9db;",
    "perldoc": "background-color:#eed;",
    "pygments": "",
    "rainbow_dash": "color:#4d4d4d;background-color:#fff;",
    "rose-pine": "color:#e0def4;background-color:#191724;",
    "rose-pine-dawn": "color:#575279;background-color:#faf4ed;",
    "rose-pine-moon": "color:#e0def4;background-color:#232136;",
    "rrt": "color:#f8f8f2;background-color:#000;",
    "solarized-dark": "color:#93a1a1;background-color:#002b36;",
    "solarized-dark256": "color:#8a8a8a;background-color:#1c1c1c;",
    "solarized-light": "color:#586e75;background-color:#eee8d5;",
    "swapoff": "color:#e5e5e5;background-color:#000;",
    "tango": "background-color:#f8f8f8;",
    "vim": "color:#ccc;background-color:#000;",
    "vulcan": "color:#282c34;",
    "witchhazel": "color:#f8f8f2;background-color:#433e56;",
    "xcode-dark": "color:#fff;background-color:#1f1f24;",
}
"""Of frames, where styles stand in the HTML; the other styles have a white ground."""
_LANGUAGES = names(
    """
    .bashrc .editorconfig .env .gitconfig .htaccess .pylintrc .zshrc 1p 1s 3pm abap abnf aconf actionscript actionscript3
    ada ada2005 ada95 adb ads al angular2 antlr apache apache.conf apache2.conf apacheconf apl applescript arduino arexx
    armasm as as3 asm automount aux awk b b3d bal ballerina bas bash bash-session bashrc bashsession basic bat batch
    batchfile bb bf bib bibtex bicep bind blitzbasic bnf bplus bqn brainfuck bzl c c# c++ caddy caddyfile capnp cassette
    cc cdf ceylon cf cf3 cfengine3 cfg cfs cfstatement chai chaiscript cjs cl clj clojure cmake cmakelists.txt cmd cob
    cobol coffee coffee-script coffeescript common-lisp console coq cp cpp cpy cr crystal cs csh csharp csproj css cts
    cucumber cxx cython d dal dart decls def device di diff django django/jinja dns dnssd docker dockerfile dosbatch
    dosini dtd duby dyl dylan dzn ebnf ebuild ecl eclass el elisp elixir elm emacs emacs-lisp emacslisp env epf eps erf
    erl erlang es escript ex exheres-0 exlib exs f03 f90 f95 factor feature fennel fish fishshell fnl forth fortran frag
    frt fs fsharp fsi fsproj fth fun fzn gas gawk gd gdscript gemspec geo gherkin glsl gnuplot go go-html-template golang
    gql gradle graphql graphqls groff groovy gsed h h++ handlebars haskell hbs hcl hexdump hh hlb hlsl hlsli hpp hrl hs
    html http hxx hy hylang idc idr idris igor igorpro ijs inc inf ini ino intr io ipf j java java-properties javascript
    jinja jl js jsm json jsx julia jungle jy kotlin ksh kt latex lighttpd lighty link lisp ll llvm load lua m m2 ma make
    makefile man mariadb mathematica matlab mawk mc mcfunction md meson meson.build meson_options.txt metal minizinc mjs
    mk ml mli mlir mll mly mma mod modula-2 modula2 monkeyc morrowind morrowindscript mount mts mwscript mysql mzn nasm
    nawk nb nbp netdev network newspeak ng2 nginx nginx.conf nim nimrod nix nixos no-highlight nroff ns2 obj-c objc
    objective-c objectivec ocaml octave ones onesenterprise openscad org pacman.conf pacmanconf patch path pc perl php
    php3 php4 php5 phtml pig pkgconfig pl pl/pgsql plain plaintext plc plot plpgsql plt plutus-core pm pony posh postgres
    postgresql postscr postscript pov povray powerquery powershell pp pq pro prolog promql properties proto protobuf ps
    ps1 psd1 psl psm1 puppet pwsh pxd pxi py py2 py3 pyi pylintrc pyrex python python2 python3 pyw pyx qbasic qbs qml r
    racket ragel rake rb rbw rbx re react reason reasonml reg registry rei rex rexx rkt rktd rktl rq rs rs.in rss rst ruby
    rust rvt rx s sage sas sass sc scad scala sce scheme sci scilab scm scope scss sed service sh sh-session shell
    shell-session sieve sig siv slice smalltalk sml snobol socket sol solidity sparql splus sql squeak squid squid.conf
    squidconf ss ssed st stas styl stylus sv svelte svg svh swap swift systemd systemverilog t t-sql tablegen tac tape
    target tasm tcl tcsh td termcap termcap.src terminfo terminfo.src terraform tex text tf thrift timer toc toml
    tradingview transact-sql ts tsql tst tsx ttl tu turing turtle tv twig txt typescript typoscriptcssdata
    typoscripthtmldata udiff v vala vapi vb vb.net vbnet vcxproj verilog vert vhd vhdl vhs vim viml vlang vue vuejs wdte
    whiley winbatch wlua wsdl wsf xhtml xml xorg xorg.conf xsd xsl xslt yaml yang yml zed zig zone zsh zshrc
    """
)
