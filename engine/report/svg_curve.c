#include "report/curve.h"
#include "report/svg.h"

/* Tenths of a unit of a 720 x 420 drawing. */
enum {
    LEFT = 640,
    RIGHT = 6960,
    TOP = 660,
    BOTTOM = 3600,
    WIDTH = RIGHT - LEFT,
    HEIGHT = BOTTOM - TOP,
    WHOLE = 1000000
};

static const char style[] =
    "<style>text{font:12px \"Segoe UI\",\"Helvetica Neue\",Helvetica,Arial,\"PingFang SC\",\"Microsoft YaHei\","
    "\"Noto Sans CJK SC\",sans-serif;fill:#5b6570}.t{font-size:15px;font-weight:600;fill:#1c2127}.y{text-anchor:end}"
    ".x{text-anchor:middle}.grid{stroke:#dfe3e8;fill:none}.base{stroke:#aab2bb;fill:none}"
    ".line{fill:none;stroke:#0b5c99;stroke-width:2;stroke-linejoin:round}.mark{fill:none;stroke:#b34a00;stroke-"
    "dasharray:4 3}"
    ".dot{fill:#b34a00}.label{fill:#b34a00}</style>\n";

static jh_axis axis_to(uint32_t shown)
{
    const jh_page_rate rate = {.rate = {.ppm = shown}, .high = {.ppm = shown}};
    const jh_page_counts counts = {.inspected = 1, .in_rule = rate, .out_of_rule = rate};
    jh_axis axis = {0};

    jh_axis_add(&axis, &counts);
    jh_axis_pick(&axis);
    return axis;
}

uint32_t jh_curve_end(uint32_t shown)
{
    return axis_to(shown).max;
}

static int32_t level(uint32_t chance)
{
    return BOTTOM - (int32_t)((int64_t)HEIGHT * chance / WHOLE);
}

static void put_point(jh_html *html, const char *command, int32_t x, int32_t y)
{
    jh_html_put(html, command);
    jh_html_tenths(html, x);
    jh_html_put(html, " ");
    jh_html_tenths(html, y);
}

/* An element's text at a place; what it says follows, then "</text>". */
static void open_text(jh_html *html, const char *name, int32_t x, int32_t y)
{
    jh_html_printf(html, "<text class=\"%s\" x=\"", name);
    jh_html_tenths(html, x);
    jh_html_put(html, "\" y=\"");
    jh_html_tenths(html, y);
    jh_html_put(html, "\">");
}

static void put_line(jh_html *html, const char *name, int32_t x1, int32_t y1, int32_t x2, int32_t y2)
{
    jh_html_printf(html, "<path class=\"%s\" d=\"", name);
    put_point(html, "M", x1, y1);
    put_point(html, "L", x2, y2);
    jh_html_put(html, "\"/>\n");
}

static void put_grid(jh_html *html, const jh_axis *axis)
{
    for (uint32_t chance = 0; chance <= WHOLE; chance += WHOLE / 5) {
        put_line(html, chance == 0 ? "base" : "grid", LEFT, level(chance), RIGHT, level(chance));
        open_text(html, "y", LEFT - 80, level(chance) + 43);
        jh_svg_percent(html, chance);
        jh_html_put(html, "</text>\n");
    }
    for (uint32_t rate = 0; rate <= axis->max; rate += axis->tick) {
        const int32_t x = LEFT + jh_axis_at(axis, rate, WIDTH);

        put_line(html, "base", x, BOTTOM, x, BOTTOM + 50);
        open_text(html, "x", x, BOTTOM + 210);
        jh_svg_percent(html, rate);
        jh_html_put(html, "</text>\n");
    }
}

/* Down to the scale of rates and over to that of chances, with what it means beside it. */
static void put_mark(jh_html *html, const jh_axis *axis, const jh_curve_mark *mark)
{
    const int32_t x = LEFT + jh_axis_at(axis, mark->rate, WIDTH), y = level(mark->chance);

    jh_html_put(html, "<path class=\"mark\" d=\"");
    put_point(html, "M", LEFT, y);
    put_point(html, "L", x, y);
    put_point(html, "L", x, BOTTOM);
    jh_html_put(html, "\"/><circle class=\"dot\" r=\"4\" cx=\"");
    jh_html_tenths(html, x);
    jh_html_put(html, "\" cy=\"");
    jh_html_tenths(html, y);
    jh_html_put(html, "\"/>\n");
    open_text(html, "label", x + 90, y - 60);
    jh_html_text(html, mark->label);
    jh_html_put(html, "</text>\n");
}

static void put_curve(jh_html *html, const jh_curve *curve, const jh_axis *axis)
{
    const int64_t last = (int64_t)curve->count - 1;

    jh_html_put(html, "<path class=\"line\" d=\"");
    for (size_t i = 0; i < curve->count; i++)
        put_point(html, i == 0 ? "M" : "L", (int32_t)(LEFT + (int64_t)WIDTH * (int64_t)i / last),
                  level(curve->chances[i]));
    jh_html_put(html, "\"/>\n");
    for (size_t i = 0; i < curve->mark_count; i++)
        put_mark(html, axis, &curve->marks[i]);
}

jihe_status jh_curve_write(const jh_curve *curve, jh_sink sink, jihe_error *err)
{
    const jh_axis axis = axis_to(curve->shown);
    jh_html html = {.zh = false};

    jh_outlet_begin(&html.out, sink);
    jh_html_put(&html, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 420\" role=\"img\">\n<title>");
    jh_html_text(&html, curve->title);
    jh_html_put(&html, "</title>\n");
    jh_html_put(&html, style);
    jh_html_put(&html, "<rect width=\"720\" height=\"420\" fill=\"#fff\"/>\n");
    open_text(&html, "t", LEFT, 260);
    jh_html_text(&html, curve->title);
    jh_html_put(&html, "</text>\n");
    open_text(&html, "up", LEFT, 450);
    jh_html_text(&html, curve->up);
    jh_html_put(&html, "</text>\n");
    open_text(&html, "x", LEFT + WIDTH / 2, BOTTOM + 440);
    jh_html_text(&html, curve->across);
    jh_html_put(&html, "</text>\n");
    put_grid(&html, &axis);
    put_curve(&html, curve, &axis);
    jh_html_put(&html, "</svg>\n");
    return jh_outlet_end(&html.out, err);
}
