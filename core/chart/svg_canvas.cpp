// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/svg_canvas.h"

#include "core/text/markup_text.h"
#include "core/text/plain_number.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {
namespace {

std::string_view nameOf(SvgCanvas::Anchor anchor) {
    switch (anchor) {
    case SvgCanvas::Anchor::Start:
        return "start";
    case SvgCanvas::Anchor::Middle:
        return "middle";
    case SvgCanvas::Anchor::End:
        return "end";
    }
    return {};
}

std::string pointList(const std::vector<SvgPoint>& points) {
    std::string list;
    for (const SvgPoint& point : points) {
        list += fmt::format("{}{},{}", list.empty() ? "" : " ", svgNumber(point.x), svgNumber(point.y));
    }
    return list;
}

std::string stroke(const SeriesStyle& style) {
    std::string attributes = fmt::format("stroke=\"{}\" stroke-width=\"{}\"", style.colour, svgNumber(style.width));
    if (style.dash[0] > 0) { // lengths in line widths
        attributes += " stroke-dasharray=\"";
        for (std::size_t i = 0; i < style.dash.size(); ++i) {
            attributes += (i == 0 ? "" : ",") + svgNumber(style.dash[i] * style.width);
        }
        attributes += '"';
    }
    return attributes;
}

} // namespace

std::string svgNumber(double value) {
    return plainNumber(value, 2);
}

double textWidth(std::string_view text, double size) {
    const auto characters = std::count_if(text.begin(), text.end(),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return static_cast<double>(characters) * size * 0.6;
}

SvgCanvas::SvgCanvas(double width, double height, std::string_view title, std::string_view description) {
    m_svg =
        fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
                    "role=\"img\" font-family=\"Noto Sans, DejaVu Sans, Helvetica, Arial, sans-serif\">\n"
                    "<title>{2}</title>\n<desc>{3}</desc>\n",
                    svgNumber(width), svgNumber(height), markupText(title), markupText(description));
}

void SvgCanvas::rectangle(SvgPoint at, double width, double height, std::string_view fill, double opacity) {
    m_svg += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{}/>\n", svgNumber(at.x),
                         svgNumber(at.y), svgNumber(width), svgNumber(height), fill,
                         opacity < 1 ? fmt::format(" fill-opacity=\"{}\"", svgNumber(opacity)) : "");
}

void SvgCanvas::line(SvgPoint from, SvgPoint to, const SeriesStyle& style) {
    m_svg += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" {}/>\n", svgNumber(from.x), svgNumber(from.y),
                         svgNumber(to.x), svgNumber(to.y), stroke(style));
}

void SvgCanvas::polyline(const std::vector<SvgPoint>& points, const SeriesStyle& style) {
    m_svg += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke-linejoin=\"round\" {}/>\n", pointList(points),
                         stroke(style));
}

void SvgCanvas::area(const std::vector<SvgPoint>& points, double floor, std::string_view fill) {
    std::vector<SvgPoint> outline = points;
    outline.insert(outline.begin(), {points.front().x, floor});
    outline.push_back({points.back().x, floor});
    m_svg += fmt::format("<polygon points=\"{}\" fill=\"{}\" fill-opacity=\"0.25\" stroke=\"none\"/>\n",
                         pointList(outline), fill);
}

void SvgCanvas::dot(SvgPoint at, double radius, std::string_view fill) {
    m_svg += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>\n", svgNumber(at.x), svgNumber(at.y),
                         svgNumber(radius), fill);
}

void SvgCanvas::filledPath(std::string_view path, std::string_view fill) {
    m_svg += fmt::format("<path d=\"{}\" fill=\"{}\" shape-rendering=\"crispEdges\"/>\n", path, fill);
}

void SvgCanvas::text(SvgPoint at, std::string_view text, std::string_view fill, Anchor anchor, double size, bool bold) {
    m_svg += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\"{} text-anchor=\"{}\" fill=\"{}\">{}</text>\n",
                         svgNumber(at.x), svgNumber(at.y), svgNumber(size), bold ? " font-weight=\"bold\"" : "",
                         nameOf(anchor), fill, markupText(text));
}

void SvgCanvas::verticalText(SvgPoint at, std::string_view text, std::string_view fill) {
    m_svg += fmt::format("<text x=\"0\" y=\"0\" font-size=\"12\" text-anchor=\"middle\" fill=\"{}\" "
                         "transform=\"translate({},{}) rotate(-90)\">{}</text>\n",
                         fill, svgNumber(at.x), svgNumber(at.y), markupText(text));
}

std::string SvgCanvas::svg() && {
    m_svg += "</svg>\n";
    return std::move(m_svg);
}

} // namespace core
