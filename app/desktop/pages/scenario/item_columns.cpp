// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/item_columns.h"

#include "app/desktop/pages/scenario/stage_form.h"
#include "core/yaml/yaml_change.h"
#include "core/yaml/yaml_edit.h"
#include "core/yaml/yaml_writing.h"

#include <QCoreApplication>

namespace app {

namespace {

struct ItemColumnsTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::ItemColumns)
};

constexpr int kLongestSummary = 120;
constexpr qsizetype kLongestName = 64;

std::function<std::optional<QString>(const core::YamlNode&)> at(const char* key) {
    return [place = QString::fromLatin1(key)](const core::YamlNode&) { return std::optional(place); };
}

std::function<std::optional<QString>(const core::YamlNode&)> atPart(StagePart part) {
    return [part](const core::YamlNode& stage) { return placeOf(part, stage); };
}

QString stagesSummary(const core::YamlNode& stream) {
    const core::YamlNode* stages = nodeOf(stream, QStringLiteral("stages"));
    QStringList parts;
    for (const core::YamlNode& stage : stages == nullptr ? std::vector<core::YamlNode>{} : stages->items) {
        parts += stageSummary(stage);
    }
    const QString all = parts.join(QStringLiteral(", "));
    return all.size() > kLongestSummary ? all.left(kLongestSummary) + QStringLiteral("…") : all;
}

bool isMapping(const core::YamlNode& rule) {
    return rule.kind == core::YamlNode::Kind::Mapping;
}

/// A rule that is a text only becomes {rule: …, key: …} when it gets a second value.
ScenarioDocument::Edit ruleEdit(const QString& path, const core::YamlNode& rule, const QString& key,
                                const QString& value, ValueKind kind) {
    if (isMapping(rule)) {
        return valueEdit(path + QLatin1Char('.') + key, value, kind);
    }
    if (key == QStringLiteral("rule")) {
        return valueEdit(path, value, kind);
    }
    core::YamlNode whole = core::emptyMapping();
    whole.entries.push_back({core::yamlKey("rule"), core::yamlText(rule.text)});
    whole.entries.push_back({core::yamlKey(key.toStdString()), kind == ValueKind::Text
                                                                   ? core::yamlText(value.toStdString())
                                                                   : core::yamlPlain(value.toStdString())});
    return [path = path.toStdString(), whole](std::string_view text) { return core::setValue(text, path, whole); };
}

/// What a rule can be limited to; first: to nothing.
QStringList spansOf(const core::YamlNode& root) {
    QStringList spans{QString()};
    if (root.find("warmup") != nullptr) {
        spans += QStringLiteral("warmup");
    }
    const core::YamlEntry* streams = root.find("streams");
    for (const core::YamlNode& stream : streams == nullptr ? std::vector<core::YamlNode>{} : streams->value.items) {
        if (const core::YamlEntry* name = stream.find("name")) {
            spans += QString::fromStdString(name->value.text);
        }
    }
    return spans;
}

ItemColumn ruleColumn(const char* key, const QString& title, const QString& tip, ValueKind kind) {
    ItemColumn column{title, tip, {}, {}, kind, {}, {}, {}};
    const QString name = QString::fromLatin1(key);
    column.place = [name](const core::YamlNode& rule) -> std::optional<QString> {
        if (isMapping(rule)) {
            return name;
        }
        return name == QStringLiteral("rule") ? std::optional(QString()) : std::nullopt;
    };
    column.change = [name, kind](const QString& path, const core::YamlNode& rule, const QString& value) {
        return ruleEdit(path, rule, name, value, kind);
    };
    return column;
}

} // namespace

QList<ItemColumn> streamColumns() {
    return {
        {ItemColumnsTexts::tr("Name"),
         ItemColumnsTexts::tr("What rules, charts and reports call the stream."),
         at("name"),
         {},
         ValueKind::Text,
         {},
         {},
         {}},
        {ItemColumnsTexts::tr("Tier"),
         ItemColumnsTexts::tr(
             "How the stream's events travel: critical at once, normal after a short wait, analytics in "
             "large batches."),
         at("tier"),
         QStringLiteral("normal"),
         ValueKind::Plain,
         {QStringLiteral("critical"), QStringLiteral("normal"), QStringLiteral("analytics")},
         {},
         {}},
        {ItemColumnsTexts::tr("Arrival"),
         ItemColumnsTexts::tr("even: at equal distances; poisson: at random, with the same totals."),
         at("arrival"),
         QStringLiteral("even"),
         ValueKind::Plain,
         {QStringLiteral("even"), QStringLiteral("poisson")},
         {},
         {}},
        {ItemColumnsTexts::tr("Start"),
         ItemColumnsTexts::tr("When the stream begins, counted from the end of the warm-up."),
         at("start"),
         QStringLiteral("0s"),
         ValueKind::Seconds,
         {},
         {},
         {}},
        {ItemColumnsTexts::tr("Stages"),
         ItemColumnsTexts::tr("The stretches of the stream's load, one after the other. The table below changes them."),
         at("stages"),
         {},
         ValueKind::Yaml,
         {},
         stagesSummary,
         {}}};
}

QList<ItemColumn> stageColumns() {
    const ItemColumn kind{
        ItemColumnsTexts::tr("Kind"),
        ItemColumnsTexts::tr("constant, ramp to a rate, pause, spike up and back, staircase, or sine."),
        {},
        {},
        ValueKind::Plain,
        stageKinds(),
        stageKind,
        [](const QString& path, const core::YamlNode& stage, const QString& value) {
            return kindEdit(path, stage, value);
        }};
    const auto part = [](const QString& title, const QString& tip, StagePart which, ValueKind valueKind) {
        return ItemColumn{title, tip, atPart(which), {}, valueKind, {}, {}, {}};
    };
    return {kind,
            part(ItemColumnsTexts::tr("Duration"),
                 ItemColumnsTexts::tr("How long the stage takes; of a staircase, how long each step does."),
                 StagePart::Duration, ValueKind::Seconds),
            part(ItemColumnsTexts::tr("Rate, to"),
                 ItemColumnsTexts::tr("Events per second: the rate of a constant stage, the rate that a ramp, spike or "
                                      "staircase leads to, the "
                                      "mean of a sine."),
                 StagePart::Rate, ValueKind::Rate),
            part(ItemColumnsTexts::tr("From"), ItemColumnsTexts::tr("The first step of a staircase."), StagePart::From,
                 ValueKind::Rate),
            part(ItemColumnsTexts::tr("Steps"), ItemColumnsTexts::tr("How many steps a staircase has."),
                 StagePart::Steps, ValueKind::Plain),
            part(ItemColumnsTexts::tr("Amplitude"), ItemColumnsTexts::tr("How far a sine swings around its mean."),
                 StagePart::Amplitude, ValueKind::Rate),
            part(ItemColumnsTexts::tr("Period"), ItemColumnsTexts::tr("How long one swing of a sine takes."),
                 StagePart::Period, ValueKind::Seconds)};
}

QList<ItemColumn> ruleColumns(const std::function<QString(const core::YamlNode& rule)>& lastValue) {
    ItemColumn abort =
        ruleColumn("abort", ItemColumnsTexts::tr("Stop at once"),
                   ItemColumnsTexts::tr("Whether the run stops as soon as the rule is broken."), ValueKind::Plain);
    abort.isSwitch = true;
    ItemColumn during = ruleColumn("during", ItemColumnsTexts::tr("During"),
                                   ItemColumnsTexts::tr("A stream's name or warmup; nothing: the whole measured part."),
                                   ValueKind::Text);
    during.offered = spansOf;
    return {ruleColumn("rule", ItemColumnsTexts::tr("Rule"),
                       ItemColumnsTexts::tr(
                           "What must hold, such as: end_to_end p99 < 45ms, throughput >= 99% of target, lost == 0."),
                       ValueKind::Text),
            during, abort,
            ItemColumn{ItemColumnsTexts::tr("Last run"),
                       ItemColumnsTexts::tr("What this rule looks at, as the last run of this scenario measured it."),
                       {},
                       {},
                       ValueKind::Plain,
                       {},
                       lastValue,
                       {}}};
}

QString freeStreamName(const core::YamlNode* streams, const QString& wanted) {
    QStringList taken;
    for (const core::YamlNode& stream : streams == nullptr ? std::vector<core::YamlNode>{} : streams->items) {
        if (const core::YamlEntry* name = stream.find("name")) {
            taken += QString::fromStdString(name->value.text);
        }
    }
    QString name = wanted.left(kLongestName);
    for (int number = 2; taken.contains(name); ++number) {
        const QString tail = QStringLiteral(" %1").arg(number);
        name = wanted.left(kLongestName - tail.size()) + tail;
    }
    return name;
}

core::YamlNode newStream(const core::YamlNode* streams) {
    core::YamlNode stream = core::emptyMapping();
    const QString name = freeStreamName(streams, QStringLiteral("stream"));
    stream.entries.push_back({core::yamlKey("name"), core::yamlText(name.toStdString())});
    stream.entries.push_back({core::yamlKey("stages"), core::sequenceOf(newStage())});
    return stream;
}

core::YamlNode newStage() {
    return core::readYaml("{duration: 30s, rate: 1000/s}").root;
}

core::YamlNode newRule() {
    return core::yamlText("end_to_end p99 < 250ms");
}

} // namespace app
