#include "report/page_int.h"

/* In-rule is blue, out-of-rule vermilion: a pair that stays apart under all common kinds of colour blindness (Okabe and
 * Ito 2008), darkened until text in them reads on white. */
static const char *const style[] = {
    ":root{--ink:#1c2127;--quiet:#5b6570;--hair:#dfe3e8;--line:#aab2bb;--wash:#f6f7f9;"
    "--in:#0b5c99;--in-wash:#a9cbe6;--out:#b34a00;--out-wash:#f0c39e;--heed:#8a5a00}",
    "*{box-sizing:border-box}",
    "html{-webkit-text-size-adjust:100%;color-scheme:light}",
    "body{margin:0;background:#fff;color:var(--ink);font:14px/1.55 \"Segoe UI\",\"Helvetica Neue\",Helvetica,Arial,"
    "\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",\"Source Han Sans SC\",sans-serif;"
    "font-variant-numeric:tabular-nums lining-nums}",
    "main{max-width:1080px;margin:0 auto;padding:40px 32px 48px}",
    "h1,h2,h3,p,dl,dd,ul,figure{margin:0;padding:0}",
    "h1,h2,h3,p,th,td,dt,dd,li{overflow-wrap:anywhere}",
    "header{border-top:3px solid var(--ink);padding-top:14px}",
    ".brand{color:var(--quiet);font-size:13px;letter-spacing:.04em}",
    ".brand b{color:var(--ink)}",
    "h1{font-size:30px;line-height:1.25;font-weight:650;margin:4px 0 14px}",
    ".about{display:flex;flex-wrap:wrap;gap:4px 40px}",
    ".about div{display:flex;gap:10px}",
    ".about dt{color:var(--quiet)}",
    "section{margin-top:44px}",
    "h2{font-size:19px;line-height:1.3;font-weight:650;padding-bottom:8px;border-bottom:1px solid var(--line)}",
    ".lead{margin-top:10px;max-width:52em}",
    ".nothing{margin-top:12px;color:var(--quiet)}",
    /* large figures */
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:20px;margin-top:18px}",
    ".tile{background:var(--wash);border-left:4px solid;padding:16px 22px 18px}",
    ".tile.in{border-color:var(--in)}",
    ".tile.out{border-color:var(--out)}",
    ".tile h3{font-size:14px;font-weight:600}",
    ".tile.in h3,.tile.in .figure{color:var(--in)}",
    ".tile.out h3,.tile.out .figure{color:var(--out)}",
    ".figure{font-size:44px;line-height:1.2;font-weight:600;letter-spacing:-.01em}",
    ".span{margin:4px 0 8px}",
    ".tile .bar{width:225px;margin-left:-9px}",
    ".tile .scale{width:207px}",
    ".of{color:var(--quiet);font-size:13px}",
    /* tables */
    "table{width:100%;border-collapse:collapse;margin-top:20px}",
    "th,td{text-align:left;vertical-align:middle;padding:7px 12px 7px 0;font-weight:400;"
    "border-bottom:1px solid var(--hair)}",
    "th:last-child,td:last-child{padding-right:0}",
    "thead{display:table-header-group}",
    "thead th{color:var(--quiet);font-size:13px;vertical-align:bottom;line-height:1.35;"
    "border-bottom:1px solid var(--line)}",
    "thead th+th,.trend tbody th{white-space:nowrap}",
    "tr{break-inside:avoid}",
    "tbody tr:hover{background:var(--wash)}",
    "small{display:block;font-weight:400;font-size:12px;line-height:1.4;color:var(--quiet)}",
    ".n{text-align:right;white-space:nowrap}",
    "b,.strong{font-weight:650}",
    ".quiet{color:var(--quiet)}",
    ".heed{color:var(--heed);font-weight:650}",
    "thead .class{font-weight:650;padding-left:24px;padding-bottom:5px;border-bottom:0;"
    "background:linear-gradient(currentColor,currentColor) right bottom/calc(100% - 24px) 2px no-repeat}",
    "thead .class.in{color:var(--in)}",
    "thead .class.out{color:var(--out)}",
    "td.first,.rates tr+tr .n{padding-left:24px}",
    "tbody th{font-weight:500}",
    ".total th,.total td{font-weight:650;background:var(--wash)}",
    ".plain thead tr+tr th:last-child{padding-right:12px}",
    ".interval{width:172px}",
    ".scale{display:flex;justify-content:space-between;width:138px;font-size:11px;line-height:1.3;color:var(--quiet)}",
    ".scale i{font-style:normal}",
    ".basis{display:inline-block;font-size:12px;font-weight:400;line-height:1.5;padding:0 7px;white-space:nowrap;"
    "border:1px solid var(--line);border-radius:3px}",
    ".targeted{border-style:dashed}",
    "code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Consolas,\"Liberation Mono\","
    "\"Noto Sans Mono CJK SC\",monospace}",
    ".reading{list-style:none;margin-top:12px;color:var(--quiet);font-size:12.5px;max-width:70em}",
    /* drawings */
    "svg{display:block}",
    ".bar{width:150px;height:auto;margin-left:-6px}",
    ".track{stroke:var(--line);fill:none}",
    "rect.in{fill:var(--in-wash)}",
    "rect.out{fill:var(--out-wash)}",
    "circle.in,path.in{fill:var(--in)}",
    "path.out{fill:var(--out)}",
    "figure{margin-top:18px;break-inside:avoid}",
    ".trend svg{width:100%;height:auto}",
    ".trend svg text{font-size:12px;fill:var(--quiet)}",
    ".trend svg text.legend{font-size:13px;fill:var(--ink)}",
    ".y{text-anchor:end}",
    ".x,text.note{text-anchor:middle}",
    ".grid{stroke:var(--hair);fill:none}",
    ".base{stroke:var(--line);fill:none}",
    "path.line{fill:none;stroke-width:2;stroke-linejoin:round}",
    "path.line.in{stroke:var(--in)}",
    "path.line.out{stroke:var(--out);stroke-dasharray:6 4}",
    "path.whisker{fill:none;stroke-width:1.2;opacity:.6}",
    "path.whisker.in{stroke:var(--in)}",
    "path.whisker.out{stroke:var(--out)}",
    "path.note{stroke:var(--quiet);stroke-dasharray:1 3;fill:none}",
    "circle.note{fill:#fff;stroke:var(--quiet)}",
    ".trend svg text.note{font-size:11px;fill:var(--ink)}",
    ".marker{display:inline-block;min-width:17px;height:17px;line-height:15px;text-align:center;font-size:11px;"
    "border:1px solid var(--quiet);border-radius:9px}",
    "th.note,td.note{padding-left:20px}",
    "td.note{font-size:12.5px}",
    "figcaption{color:var(--quiet);font-size:12.5px}",
    /* facts */
    ".facts dl{margin-top:6px}",
    ".facts div{display:grid;grid-template-columns:minmax(120px,200px) 1fr;gap:16px;padding:6px 0;"
    "border-bottom:1px solid var(--hair);break-inside:avoid}",
    ".facts dt{color:var(--quiet)}",
    "footer{margin-top:40px;color:var(--quiet);font-size:12px}",
    "@media screen and (max-width:980px){main{padding:20px 16px}section{overflow-x:auto}table{min-width:880px}}",
    "@page{size:A4;margin:14mm 13mm}",
    "@media print{body{font-size:9.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    "main{max-width:none;padding:0}h1{font-size:20pt}section{margin-top:24pt}h2{break-after:avoid}"
    "th,td{padding-top:4px;padding-bottom:4px;padding-right:8px}td.first,.rates tr+tr .n{padding-left:10px}"
    ".interval .bar{width:104px;margin-left:-4px}.interval .scale{width:96px}.interval{width:112px}"
    "small,.reading{font-size:8pt}"
    ".tiles{grid-template-columns:1fr 1fr}.figure{font-size:26pt}tbody tr:hover{background:none}}",
};

void jh_page_style_put(jh_html *html)
{
    jh_html_put(html, "<style>\n");
    for (size_t i = 0; i < sizeof style / sizeof style[0]; i++) {
        jh_html_put(html, style[i]);
        jh_html_put(html, "\n");
    }
    jh_html_put(html, "</style>\n");
}
