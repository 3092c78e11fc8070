// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/health_text.h"

#include "app/desktop/widgets/figures.h"

#include <QCoreApplication>
#include <array>

namespace app {

namespace {

struct HealthText {
    Q_DECLARE_TR_FUNCTIONS(app::HealthText)
};

QString what(const core::DependencyHealth& health) {
    const QString events = countFigure(health.events);
    switch (health.ailment) {
    case core::Ailment::None:
        return HealthText::tr("is well");
    case core::Ailment::NothingAcked:
        return HealthText::tr("acknowledges nothing, %1 waiting").arg(events);
    case core::Ailment::TooFewAcked:
        return HealthText::tr("acknowledges %1 of %2, %3 waiting")
            .arg(rateFigure(health.got), rateFigure(health.wanted), events);
    case core::Ailment::NothingRead:
        return HealthText::tr("gives the consumers nothing, %1 waiting").arg(events);
    case core::Ailment::NothingStored:
        return HealthText::tr("does not answer, %1 waiting").arg(events);
    case core::Ailment::TooFewStored:
        return HealthText::tr("stores %1 of %2, %3 waiting")
            .arg(rateFigure(health.got), rateFigure(health.wanted), events);
    case core::Ailment::Bypassed:
        return HealthText::tr("is away, %1 events past the filter").arg(events);
    case core::Ailment::Late:
        return HealthText::tr("is late, %1 events sent too late").arg(events);
    }
    Q_UNREACHABLE();
}

} // namespace

QString dependencyName(const core::DependencyName& name) {
    static constexpr std::array kWords{QT_TRANSLATE_NOOP("app::HealthText", "embedded broker"),
                                       QT_TRANSLATE_NOOP("app::HealthText", "filter in memory")};
    for (const char* const word : kWords) {
        if (name.name == word) {
            return HealthText::tr(word);
        }
    }
    return QString::fromStdString(name.name);
}

QString ailmentText(const core::DependencyName& name, const core::DependencyHealth& health, core::Instant now) {
    const QString who =
        name.address.empty()
            ? dependencyName(name)
            : HealthText::tr("%1 at %2").arg(dependencyName(name), QString::fromStdString(name.address));
    const auto age = std::chrono::floor<std::chrono::seconds>(now - health.since);
    return HealthText::tr("%1 %2, for %3").arg(who, what(health), durationFigure(age));
}

} // namespace app
