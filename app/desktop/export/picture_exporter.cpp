// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/export/picture_exporter.h"

#include "app/desktop/export/pdf_report.h"

#include <QBuffer>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>
#include <array>
#include <memory>

namespace app {
namespace {

void drop(QtMsgType, const QMessageLogContext&, const QString&) {}

/// An application without a display; fonts and images need one. What Qt remarks on the missing session (its folders,
/// its theme) is of no use to somebody who exports a file: it goes nowhere.
class OffscreenApplication {
public:
    OffscreenApplication() : m_before(qInstallMessageHandler(drop)), m_application(m_argc, m_argv.data()) {}
    ~OffscreenApplication() { qInstallMessageHandler(m_before); }
    OffscreenApplication(const OffscreenApplication&) = delete;
    OffscreenApplication& operator=(const OffscreenApplication&) = delete;

private:
    static constexpr std::size_t kWords = 3;
    std::array<char, 9> m_name{"millrace"};
    std::array<char, 10> m_option{"-platform"};
    std::array<char, 10> m_platform{"offscreen"};
    std::array<char*, kWords + 1> m_argv{m_name.data(), m_option.data(), m_platform.data(), nullptr};
    int m_argc = kWords;
    QtMessageHandler m_before;
    QGuiApplication m_application; // refers to the words above
};

/// Nothing where an application is there already.
std::unique_ptr<OffscreenApplication> applicationIfNone() {
    return QCoreApplication::instance() == nullptr ? std::make_unique<OffscreenApplication>() : nullptr;
}

core::Result<std::string> pngOf(const std::string& svg) {
    constexpr int kScale = 2;
    const auto application = applicationIfNone();
    QSvgRenderer renderer(QByteArray::fromStdString(svg));
    if (!renderer.isValid()) {
        return core::fatal("A chart's picture could not be drawn.");
    }
    QImage image(renderer.defaultSize() * kScale, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    renderer.render(&painter);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (!buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG")) {
        return core::fatal("A chart's picture could not be written as PNG.");
    }
    return bytes.toStdString();
}

core::Result<std::string> pdfOf(const core::ReportDocument& document) {
    const auto application = applicationIfNone();
    return pdfReport(document).toStdString();
}

} // namespace

services::PictureExporter pictureExporter() {
    return {pngOf, pdfOf};
}

} // namespace app
