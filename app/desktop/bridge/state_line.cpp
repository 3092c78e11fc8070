#include "app/desktop/bridge/state_line.h"

#include "core/verdict/threshold.h"

#include <QCoreApplication>
#include <QLocale>
#include <cmath>

namespace app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("app::stateLine", text);
}

QString whole(double value) {
    return QLocale().toString(std::llround(value));
}

QString phaseText(const services::RunStatus& now) {
    if (now.paused) {
        return tr("paused");
    }
    switch (now.phase) {
    case services::Phase::Preparing:
        return tr("preparing");
    case services::Phase::Warmup:
        return tr("warm-up");
    case services::Phase::Stages:
        return tr("stage %1").arg(QString::fromStdString(now.stage));
    case services::Phase::Drain:
        return tr("drain");
    case services::Phase::Finished:
        return tr("finished");
    }
    Q_UNREACHABLE();
}

QString endToEnd(const core::Window& window, bool embeddedBroker) {
    const core::LatencyHistogram& histogram = core::of(window.latency, core::Metric::EndToEnd);
    if (histogram.count() < core::valuesNeeded(99)) {
        return tr("end-to-end p99 –");
    }
    const double micros = static_cast<double>(*histogram.percentile(99));
    const QString text = embeddedBroker ? tr("end-to-end p99 %1 ms (embedded broker)") : tr("end-to-end p99 %1 ms");
    return text.arg(QLocale().toString(micros / 1'000, 'f', 1));
}

} // namespace

QString stateLine(const services::RunStatus& now, const core::Snapshot& earlier, bool embeddedBroker) {
    QStringList parts{phaseText(now)};
    if (now.left > core::Nanoseconds::zero()) {
        parts += tr("%1 s left").arg(whole(std::ceil(std::chrono::duration<double>(now.left).count())));
    }
    const core::Window window = core::windowBetween(earlier, now.snapshot);
    if (window.length > core::Nanoseconds::zero()) {
        parts += tr("target %1/s, sent %2/s, stored %3/s")
                     .arg(whole(window.target.perSecond), whole(window.rate(window.producer.sent).perSecond),
                          whole(window.rate(window.consumer.stored).perSecond));
        parts += endToEnd(window, embeddedBroker);
    }
    parts += tr("backlog %1").arg(whole(static_cast<double>(now.snapshot.backlog)));
    return parts.join(QStringLiteral(" · "));
}

} // namespace app
