/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "io/report_inside.h"

static const char *title_of(const fn_report *report)
{
    return report->title && *report->title ? report->title : "Network of firms";
}

static void put_start(fn_pen *pen, const fn_report *report)
{
    const char *title = title_of(report);
    fn_pen_text(pen, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    fn_pen_xml(pen, title, strlen(title));
    fn_pen_text(pen, "</title>\n<style>\n");
    fn_pen_text(pen, fn_report_style);
    fn_pen_text(pen, "</style>\n</head>\n<body>\n<header>\n<h1 dir=\"auto\">");
    fn_pen_xml(pen, title, strlen(title));
    fn_pen_text(pen, "</h1>\n");
}

static void put_fact(fn_pen *pen, const char *name)
{
    fn_pen_format(pen, "</dd></div>\n<div><dt>%s</dt><dd>", name);
}

/* The page in one sentence and a row of figures. */
static void put_summary(fn_pen *pen, const fn_report_facts *facts)
{
    fn_pen_text(pen, "<p class=\"lead\">");
    fn_words_of(pen, facts->firms, "firm", "firms");
    fn_pen_text(pen, " and ");
    fn_words_of(pen, (int64_t) facts->ties, "tie", "ties");
    if (facts->clusters) {
        fn_pen_text(pen, " form ");
        fn_words_of(pen, facts->clusters, "cluster", "clusters");
        fn_pen_text(pen, " of two firms or more; ");
        fn_words_count(pen, facts->headed);
        fn_pen_text(pen, facts->headed == 1 ? " of them has a single central company." : " of them have a single central company.");
    } else {
        fn_pen_text(pen, facts->ties ? "; no clusters." : ". There are no ties, so there is nothing to group.");
    }
    fn_pen_text(pen, "</p>\n<dl class=\"facts\">\n<div><dt>firms</dt><dd>");
    fn_words_count(pen, facts->firms);
    put_fact(pen, "ties");
    fn_words_count(pen, (int64_t) facts->ties);
    put_fact(pen, "clusters");
    fn_words_count(pen, facts->clusters);
    put_fact(pen, "central companies");
    fn_words_count(pen, facts->headed);
    put_fact(pen, "firms without ties");
    fn_words_count(pen, facts->untied);
    if (facts->valued) {
        put_fact(pen, facts->several_currencies ? "value (largest currency)" : "value");
        fn_words_short(pen, fn_sum_value(&facts->value));
        size_t length;
        const char *currency = fn_names_text(fn_net_currencies(facts->net), facts->currency, &length);
        fn_pen_text(pen, length ? " " : "");
        fn_pen_xml(pen, currency, length);
    }
    if (facts->first != FN_DAY_NONE) {
        put_fact(pen, "period");
        fn_pen_text(pen, "<span class=\"day\">");
        fn_pen_date(pen, facts->first);
        fn_pen_text(pen, "</span> \xe2\x80\x93 <span class=\"day\">");
        fn_pen_date(pen, facts->last);
        fn_pen_text(pen, "</span>");
    }
    if (!isnan(facts->report->quality) && facts->clusters) {
        put_fact(pen, "quality");
        fn_pen_rounded(pen, facts->report->quality, 3);
    }
    fn_pen_text(pen, "</dd></div>\n</dl>\n</header>\n<main>\n");
}

static void put_heading(fn_pen *pen, const char *id, const char *title)
{
    fn_pen_format(pen, "<section aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">%s</h2>\n", id, id, title);
}

static void put_lines(fn_pen *pen, const char *title, const char *const *lines)
{
    if (!lines || !*lines) return;
    fn_pen_format(pen, "<h3>%s</h3>\n<ul>\n", title);
    for (; *lines; lines++) {
        fn_pen_text(pen, "<li>");
        fn_words_name(pen, *lines, strlen(*lines), 600);
        fn_pen_text(pen, "</li>\n");
    }
    fn_pen_text(pen, "</ul>\n");
}

static void put_warnings(fn_pen *pen, const fn_report *report)
{
    if (!report->warnings || !*report->warnings) return;
    put_heading(pen, "warnings", "Warnings");
    put_lines(pen, "Said while reading and computing", report->warnings);
    fn_pen_text(pen, "</section>\n");
}

static void put_end(fn_pen *pen, const fn_report *report)
{
    fn_pen_text(pen, "</main>\n<footer>\n<h2>How this page was made</h2>\n<p>firmnet ");
    if (report->version) fn_pen_xml(pen, report->version, strlen(report->version));
    fn_pen_text(pen, ". The same inputs, options and seed give the same page, byte for byte.</p>\n");
    put_lines(pen, "Inputs", report->inputs);
    put_lines(pen, "Options", report->parameters);
    fn_pen_text(pen, "</footer>\n</body>\n</html>\n");
}

fn_status fn_report_write(fn_run *run, fn_output *output, const fn_report *report)
{
    fn_pen pen = { .run = run, .output = output };
    fn_report_facts facts;
    fn_status status = fn_report_count(run, report, &facts);
    if (!status) {
        put_start(&pen, report);
        put_summary(&pen, &facts);
        put_heading(&pen, "clusters", "Clusters and their central companies");
        fn_report_clusters(&pen, &facts);
        status = fn_report_cluster_map(&pen, &facts);
        fn_pen_text(&pen, "</section>\n");
    }
    if (!status) {
        put_heading(&pen, "map", "The firms");
        status = fn_report_firm_map(&pen, &facts);
        fn_pen_text(&pen, "</section>\n");
    }
    if (!status) {
        put_heading(&pen, "ties", "How strong the ties are");
        fn_report_classes(&pen, &facts);
        fn_pen_text(&pen, "</section>\n");
        put_heading(&pen, "layers", "Layers");
        fn_report_layers(&pen, &facts);
        fn_pen_text(&pen, "</section>\n");
        put_heading(&pen, "sizes", "Partners, money and sizes");
        status = fn_report_distributions(&pen, &facts);
        fn_pen_text(&pen, "</section>\n");
    }
    if (!status) {
        put_heading(&pen, "read", "What was read, and what became of it");
        fn_report_account(&pen, &facts);
        fn_pen_text(&pen, "</section>\n");
        put_warnings(&pen, report);
        put_end(&pen, report);
    }
    fn_report_facts_free(&facts);
    return status ? status : pen.status;
}
