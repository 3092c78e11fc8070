// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/job_thread.h"
#include "app/desktop/charts/chart_panel.h"
#include "app/desktop/charts/chart_theme.h"

#include <QBuffer>
#include <QFontMetricsF>
#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

/// How a chart becomes a file.
namespace app {

namespace {

constexpr int kDotsPerInch = 96;
constexpr QSize kSavedSize{1'280, 480};
constexpr qreal kSavedScale = 2;
constexpr double kMargin = 8;

} // namespace

void ChartPanel::paintWhole(QPainter& painter, QSize size) {
    const core::Surface surface = core::surfaceOf(themeOf(palette()));
    const QRectF whole(QPointF{}, QSizeF(size));
    painter.fillRect(whole, colourOf(surface.ground));
    painter.setPen(colourOf(surface.text));
    const double height = QFontMetricsF(font()).height() + kMargin;
    const double titleWidth = QFontMetricsF(m_title->font()).horizontalAdvance(m_titleText);
    const QRectF head = QRectF(kMargin, 0, whole.width() - 2 * kMargin, height);
    painter.setFont(m_title->font());
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, m_titleText);
    painter.setFont(font());
    m_legend->paint(painter, head.adjusted(titleWidth + 3 * kMargin, 0, 0, 0));
    paintPlot(painter, whole.adjusted(0, height, 0, 0));
}

QByteArray ChartPanel::png(QSize size, qreal scale) {
    QImage image(size * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    QPainter painter(&image);
    paintWhole(painter, size);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray ChartPanel::svg(QSize size) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setTitle(m_titleText);
    generator.setDescription(textSummary());
    generator.setResolution(kDotsPerInch); // it writes millimetres, and works them out of this
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    QPainter painter(&generator);
    paintWhole(painter, size);
    painter.end();
    return bytes;
}

void ChartPanel::save(const QString& file) {
    if (file.endsWith(QStringLiteral(".csv"), Qt::CaseInsensitive)) {
        write(file, csv());
    } else if (file.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive)) {
        write(file, svg(kSavedSize));
    } else {
        write(file, png(kSavedSize, kSavedScale));
    }
}

void ChartPanel::write(const QString& file, const QByteArray& bytes) {
    if (!m_saving) {
        m_saving = std::make_unique<JobThread>();
    }
    m_saving->post([this, file, bytes]() -> JobThread::Answer {
        QSaveFile target(file); // whole or not at all
        if (target.open(QIODevice::WriteOnly) && target.write(bytes) == bytes.size() && target.commit()) {
            return [this, file] {
                say({});
                Q_EMIT saved(file);
            };
        }
        return
            [this, file, reason = target.errorString()] { say(tr("%1 could not be written: %2.").arg(file, reason)); };
    });
}

} // namespace app
