// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/value_text.h"

#include "app/desktop/pages/scenario/person_value.h"
#include "core/yaml/yaml_edit.h"
#include "core/yaml/yaml_writing.h"

#include <QCoreApplication>

namespace app {

namespace {

struct ValueTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::ValueText)
};

core::YamlNode listOf(const QString& written) {
    core::YamlNode list;
    list.kind = core::YamlNode::Kind::Sequence;
    for (const QString& part : written.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        list.items.push_back(core::yamlText(part.trimmed().toStdString()));
    }
    return list;
}

core::Result<core::YamlNode> nodeFor(const QString& written, ValueKind kind) {
    const std::string text = written.toStdString();
    switch (kind) {
    case ValueKind::Plain:
        return core::yamlPlain(text);
    case ValueKind::Rate:
    case ValueKind::Seconds:
    case ValueKind::Duration:
    case ValueKind::Share:
    case ValueKind::Size:
        return core::yamlPlain(scenarioValue(written, kind).toStdString());
    case ValueKind::Text:
        return core::yamlText(text);
    case ValueKind::List:
        return listOf(written);
    case ValueKind::Yaml:
        break;
    }
    core::YamlReading reading = core::readYaml(text);
    if (!reading.problems.empty()) {
        return core::invalid(ValueTexts::tr("%1 cannot be read: %2.")
                                 .arg(written, QString::fromStdString(reading.problems.front().message))
                                 .toStdString());
    }
    return std::move(reading.root);
}

} // namespace

QString shownText(const core::YamlNode& node, ValueKind kind) {
    if (node.kind == core::YamlNode::Kind::Scalar) {
        return QString::fromStdString(node.written);
    }
    QString flow = QString::fromStdString(core::flowText(node));
    if (kind != ValueKind::List || node.kind != core::YamlNode::Kind::Sequence) {
        return flow;
    }
    QStringList parts;
    for (const core::YamlNode& item : node.items) {
        parts += QString::fromStdString(item.written);
    }
    return parts.join(QStringLiteral(", "));
}

const core::YamlNode* nodeOf(const core::YamlNode& root, const QString& path) {
    const core::Result<core::YamlPath> steps = core::parseYamlPath(path.toStdString());
    return steps ? core::nodeAt(root, *steps) : nullptr;
}

ScenarioDocument::Edit valueEdit(const QString& path, const QString& written, ValueKind kind) {
    return [path = path.toStdString(), written, kind](std::string_view text) -> core::Result<std::string> {
        if (written.trimmed().isEmpty()) {
            return core::removeAt(text, path);
        }
        const core::Result<core::YamlNode> node = nodeFor(written, kind);
        return node ? core::setValue(text, path, *node) : core::Result<std::string>(node.error());
    };
}

} // namespace app
