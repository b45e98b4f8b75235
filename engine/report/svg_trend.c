#include <inttypes.h>

#include "report/svg.h"

/* Tenths of a unit of a 960 x 330 drawing. */
enum {
    LEFT = 520,
    RIGHT = 9440,
    TOP = 480,
    BOTTOM = 2920,
    HEIGHT = BOTTOM - TOP,
    APART_MAX = 60,   /* half the distance of the two marks of a month, so that whiskers do not cover each other */
    LABEL_ROOM = 640, /* a month's name and some air */
};

struct chart {
    jh_html *html;
    const jh_page_trend *trend;
    const jh_axis *axis;
    int32_t apart; /* half the distance of a month's two marks */
    int32_t cap;   /* half a whisker's cap */
};

static int32_t month_x(const struct chart *chart, size_t i)
{
    return (int32_t)(LEFT + (int64_t)(RIGHT - LEFT) * (int64_t)(2 * i + 1) / (int64_t)(2 * chart->trend->count));
}

static int32_t mark_x(const struct chart *chart, size_t i, bool in_rule)
{
    return month_x(chart, i) + (in_rule ? -chart->apart : chart->apart);
}

static int32_t level(const struct chart *chart, uint32_t ppm)
{
    return BOTTOM - jh_axis_at(chart->axis, ppm, HEIGHT);
}

static const jh_page_rate *rate_of(const struct chart *chart, size_t i, bool in_rule)
{
    const jh_page_counts *counts = &chart->trend->months[i].counts;

    return in_rule ? &counts->in_rule : &counts->out_of_rule;
}

static void put_point(jh_html *html, char command, int32_t x, int32_t y)
{
    jh_html_printf(html, "%c", command);
    jh_html_tenths(html, x);
    jh_html_put(html, " ");
    jh_html_tenths(html, y);
}

static void put_grid(const struct chart *chart)
{
    jh_html *html = chart->html;

    for (uint32_t ppm = 0; ppm <= chart->axis->max; ppm += chart->axis->tick) {
        const int32_t y = level(chart, ppm);

        jh_html_put(html, ppm == 0 ? "<path class=\"base\" d=\"" : "<path class=\"grid\" d=\"");
        put_point(html, 'M', LEFT, y);
        put_point(html, 'L', RIGHT, y);
        jh_html_put(html, "\"/><text class=\"y\" x=\"44\" y=\"");
        jh_html_tenths(html, y + 43);
        jh_html_put(html, "\">");
        jh_svg_percent(html, ppm);
        jh_html_put(html, "</text>\n");
    }
}

/* Every month's name, or every second, third ... where they would touch. */
static void put_months(const struct chart *chart)
{
    const size_t room = (RIGHT - LEFT) / LABEL_ROOM;
    const size_t step = (chart->trend->count + room - 1) / room;

    for (size_t i = 0; i < chart->trend->count; i += step) {
        jh_html_put(chart->html, "<text class=\"x\" y=\"314\" x=\"");
        jh_html_tenths(chart->html, month_x(chart, i));
        jh_html_put(chart->html, "\">");
        jh_html_text(chart->html, chart->trend->months[i].month);
        jh_html_put(chart->html, "</text>\n");
    }
}

/* A numbered dotted line for each month with a note; the table below repeats the number. */
static void put_notes(const struct chart *chart)
{
    jh_html *html = chart->html;
    uint64_t number = 0;

    for (size_t i = 0; i < chart->trend->count; i++) {
        if (chart->trend->months[i].note == NULL)
            continue;
        jh_html_put(html, "<path class=\"note\" d=\"");
        put_point(html, 'M', month_x(chart, i), TOP - 30);
        put_point(html, 'L', month_x(chart, i), BOTTOM);
        jh_html_put(html, "\"/><circle class=\"note\" r=\"8\" cy=\"37\" cx=\"");
        jh_html_tenths(html, month_x(chart, i));
        jh_html_put(html, "\"/><text class=\"note\" y=\"41\" x=\"");
        jh_html_tenths(html, month_x(chart, i));
        jh_html_printf(html, "\">%" PRIu64 "</text>\n", ++number);
    }
}

static void put_whisker(const struct chart *chart, size_t i, bool in_rule)
{
    const jh_page_rate *rate = rate_of(chart, i, in_rule);
    const int32_t x = mark_x(chart, i, in_rule);
    const int32_t low = level(chart, rate->low.ppm);
    const int32_t high = level(chart, rate->high.ppm);

    put_point(chart->html, 'M', x - chart->cap, low);
    put_point(chart->html, 'L', x + chart->cap, low);
    put_point(chart->html, 'M', x, low);
    put_point(chart->html, 'L', x, high);
    if (rate->high.ppm > chart->axis->max) {
        put_point(chart->html, 'M', x - chart->cap, high + 50);
        put_point(chart->html, 'L', x, high);
        put_point(chart->html, 'L', x + chart->cap, high + 50);
    } else {
        put_point(chart->html, 'M', x - chart->cap, high);
        put_point(chart->html, 'L', x + chart->cap, high);
    }
}

/* Lines break at months without inspections: nothing is known there. */
static void put_series(const struct chart *chart, bool in_rule)
{
    const size_t count = chart->trend->count;
    const char *name = in_rule ? "in" : "out";
    bool joined = false;

    jh_html_printf(chart->html, "<path class=\"whisker %s\" d=\"", name);
    for (size_t i = 0; i < count; i++)
        if (chart->trend->months[i].counts.inspected > 0)
            put_whisker(chart, i, in_rule);
    jh_html_printf(chart->html, "\"/>\n<path class=\"line %s\" d=\"", name);
    for (size_t i = 0; i < count; i++) {
        const bool known = chart->trend->months[i].counts.inspected > 0;

        if (known)
            put_point(chart->html, joined ? 'L' : 'M', mark_x(chart, i, in_rule),
                      level(chart, rate_of(chart, i, in_rule)->rate.ppm));
        joined = known;
    }
    jh_html_put(chart->html, "\"/>\n");
    for (size_t i = 0; i < count; i++)
        if (chart->trend->months[i].counts.inspected > 0)
            jh_svg_mark(chart->html, mark_x(chart, i, in_rule), level(chart, rate_of(chart, i, in_rule)->rate.ppm),
                        in_rule);
    jh_html_put(chart->html, "\n");
}

static void put_legend(jh_html *html)
{
    jh_html_put(html, "<path class=\"line in\" d=\"M52 14h30\"/>");
    jh_svg_mark(html, 670, 140, true);
    jh_html_put(html, "<text class=\"legend\" x=\"90\" y=\"18.5\">");
    jh_html_word(html, JH_WORD_IN_RULE_RATE);
    jh_html_put(html, "</text>\n<path class=\"line out\" d=\"M252 14h30\"/>");
    jh_svg_mark(html, 2670, 140, false);
    jh_html_put(html, "<text class=\"legend\" x=\"290\" y=\"18.5\">");
    jh_html_word(html, JH_WORD_OUT_OF_RULE_RATE);
    jh_html_put(html, "</text>\n");
}

void jh_svg_trend(jh_html *html, const jh_page_trend *trend, const jh_axis *axis)
{
    const int32_t room = (int32_t)((RIGHT - LEFT) / trend->count / 5);
    const int32_t apart = room < APART_MAX ? room : APART_MAX;
    const struct chart chart = {html, trend, axis, apart, apart * 2 / 3};

    jh_html_put(html, "<svg class=\"trend\" viewBox=\"0 0 960 330\" role=\"img\">\n<title>");
    jh_html_word(html, JH_WORD_CHART);
    jh_html_put(html, "</title>\n");
    put_legend(html);
    put_grid(&chart);
    put_months(&chart);
    put_notes(&chart);
    put_series(&chart, false);
    put_series(&chart, true);
    jh_html_put(html, "</svg>\n");
}
