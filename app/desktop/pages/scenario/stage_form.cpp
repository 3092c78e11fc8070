// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/stage_form.h"

#include "app/desktop/pages/scenario/item_columns.h"
#include "core/yaml/yaml_edit.h"

#include <QCoreApplication>
#include <array>

namespace app {

namespace {

struct StageFormTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::StageForm)
};

/// The keys of a kind in the order of StagePart; empty: it has none.
struct StageKind {
    const char* name;
    const char* key; ///< tells the kind from the others
    std::array<const char*, 6> places;
    const char* pattern; ///< %1: duration, %2: rate
};

constexpr std::array<StageKind, 6> kKinds{
    {{"constant", "duration", {"duration", "rate", "", "", "", ""}, "{duration: %1, rate: %2}"},
     {"ramp", "ramp", {"ramp", "to", "", "", "", ""}, "{ramp: %1, to: %2}"},
     {"pause", "pause", {"pause", "", "", "", "", ""}, "{pause: %1}"},
     {"spike", "spike", {"spike", "to", "", "", "", ""}, "{spike: %1, to: %2}"},
     {"staircase",
      "staircase",
      {"staircase.hold", "staircase.to", "staircase.from", "staircase.steps", "", ""},
      "{staircase: {from: 100/s, to: %2, steps: 5, hold: %1}}"},
     {"sine",
      "sine",
      {"sine", "mean", "", "", "amplitude", "period"},
      "{sine: %1, mean: %2, amplitude: 0/s, period: 10s}"}}};

const StageKind* kindOf(const core::YamlNode& stage) {
    for (const StageKind& kind : kKinds) {
        if (stage.find(kind.key) != nullptr) {
            return &kind;
        }
    }
    return nullptr;
}

QString valueOf(const core::YamlNode& stage, StagePart part, const QString& otherwise) {
    const std::optional<QString> place = placeOf(part, stage);
    const core::YamlNode* node = place ? nodeOf(stage, *place) : nullptr;
    return node == nullptr ? otherwise : shownText(*node, ValueKind::Plain);
}

} // namespace

QStringList stageKinds() {
    QStringList names;
    for (const StageKind& kind : kKinds) {
        names += QString::fromLatin1(kind.name);
    }
    return names;
}

QString stageKind(const core::YamlNode& stage) {
    const StageKind* kind = kindOf(stage);
    return kind == nullptr ? QString() : QString::fromLatin1(kind->name);
}

std::optional<QString> placeOf(StagePart part, const core::YamlNode& stage) {
    const StageKind* kind = kindOf(stage);
    const char* place = kind == nullptr ? "" : kind->places[static_cast<std::size_t>(part)];
    return *place == '\0' ? std::nullopt : std::optional(QString::fromLatin1(place));
}

ScenarioDocument::Edit kindEdit(const QString& path, const core::YamlNode& stage, const QString& kind) {
    const auto index = std::max<qsizetype>(stageKinds().indexOf(kind), 0);
    const QString written =
        QString::fromLatin1(kKinds[static_cast<std::size_t>(index)].pattern)
            .replace(QStringLiteral("%1"), valueOf(stage, StagePart::Duration, QStringLiteral("10s")))
            .replace(QStringLiteral("%2"), valueOf(stage, StagePart::Rate, QStringLiteral("1000/s")));
    return valueEdit(path, written, ValueKind::Yaml);
}

QString stageSummary(const core::YamlNode& stage) {
    const QString kind = stageKind(stage);
    const QString duration = valueOf(stage, StagePart::Duration, QStringLiteral("?"));
    const QString rate = valueOf(stage, StagePart::Rate, QStringLiteral("?"));
    if (kind == QStringLiteral("constant")) {
        return StageFormTexts::tr("%1 for %2").arg(rate, duration);
    }
    if (kind == QStringLiteral("ramp")) {
        return StageFormTexts::tr("to %1 in %2").arg(rate, duration);
    }
    if (kind == QStringLiteral("pause")) {
        return StageFormTexts::tr("pause %1").arg(duration);
    }
    if (kind == QStringLiteral("spike")) {
        return StageFormTexts::tr("spike to %1 in %2").arg(rate, duration);
    }
    if (kind == QStringLiteral("staircase")) {
        return StageFormTexts::tr("%1 to %2 in %3 steps of %4")
            .arg(valueOf(stage, StagePart::From, QStringLiteral("?")), rate,
                 valueOf(stage, StagePart::Steps, QStringLiteral("?")), duration);
    }
    if (kind == QStringLiteral("sine")) {
        return StageFormTexts::tr("%1 ± %2 for %3")
            .arg(rate, valueOf(stage, StagePart::Amplitude, QStringLiteral("?")), duration);
    }
    return QStringLiteral("?");
}

} // namespace app
