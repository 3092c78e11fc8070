// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/schema_guide.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

/// AUTORCC's initializer lies in a static library, which is linked in only if somebody asks.
static void initSchema() {
    Q_INIT_RESOURCE(schema);
}

namespace app {

namespace {

const QString kDescription = QStringLiteral("description");
const QString kProperties = QStringLiteral("properties");
const QString kRef = QStringLiteral("$ref");

bool has(const QList<SchemaGuide::Word>& words, const QString& text) {
    return std::ranges::any_of(words, [&text](const SchemaGuide::Word& word) { return word.text == text; });
}

} // namespace

SchemaGuide::SchemaGuide() {
    initSchema();
    QFile file(QStringLiteral(":/schema/scenario.schema.json"));
    const bool isOpen = file.open(QIODevice::ReadOnly);
    Q_ASSERT(isOpen);
    m_root = QJsonDocument::fromJson(file.readAll()).object();
}

/// The schema itself, what it refers to, and all its alternatives.
void SchemaGuide::addBranches(const QJsonObject& schema, Schemas& into) const {
    into += schema;
    if (const QString ref = schema.value(kRef).toString(); !ref.isEmpty()) {
        const QString name = ref.section(QLatin1Char('/'), -1);
        addBranches(m_root.value(QStringLiteral("definitions")).toObject().value(name).toObject(), into);
    }
    for (const char* const combination : {"anyOf", "allOf", "oneOf"}) {
        for (const auto& part : schema.value(QLatin1String(combination)).toArray()) {
            addBranches(part.toObject(), into);
        }
    }
}

SchemaGuide::Schemas SchemaGuide::branchesAt(const QStringList& path) const {
    Schemas branches;
    addBranches(m_root, branches);
    for (const QString& step : path) {
        Schemas below;
        for (const QJsonObject& branch : branches) {
            const QJsonValue next = step == QStringLiteral("[]") ? branch.value(QStringLiteral("items"))
                                                                 : branch.value(kProperties).toObject().value(step);
            if (next.isObject()) {
                addBranches(next.toObject(), below);
            }
        }
        branches = below;
    }
    return branches;
}

/// The mappings that may have the keys that are there: of all stages, the one that is being written.
SchemaGuide::Schemas SchemaGuide::fitting(const Schemas& branches, const QStringList& present) {
    Schemas mappings, fitting;
    for (const QJsonObject& branch : branches) {
        const QJsonObject properties = branch.value(kProperties).toObject();
        if (properties.isEmpty()) {
            continue;
        }
        mappings += branch;
        if (std::ranges::all_of(present, [&properties](const QString& key) { return properties.contains(key); })) {
            fitting += branch;
        }
    }
    return fitting.isEmpty() ? mappings : fitting;
}

/// Its own words, else those of what it refers to.
QString SchemaGuide::explanationOf(const QJsonObject& schema) const {
    Schemas branches;
    addBranches(schema, branches);
    for (const QJsonObject& branch : branches) {
        if (const QString words = branch.value(kDescription).toString(); !words.isEmpty()) {
            return words;
        }
    }
    return {};
}

QList<SchemaGuide::Word> SchemaGuide::keysAt(const QStringList& path, const QStringList& present) const {
    QList<Word> words;
    for (const QJsonObject& mapping : fitting(branchesAt(path), present)) {
        const QJsonObject properties = mapping.value(kProperties).toObject();
        for (auto it = properties.begin(); it != properties.end(); ++it) {
            if (!present.contains(it.key()) && !has(words, it.key())) {
                words += Word{it.key(), explanationOf(it.value().toObject())};
            }
        }
    }
    return words;
}

QList<SchemaGuide::Word> SchemaGuide::valuesAt(const QStringList& path) const {
    QList<Word> words;
    const auto add = [&words](const QJsonValue& value) {
        const QString text = value.toVariant().toString();
        if (!has(words, text)) {
            words += Word{text, {}};
        }
    };
    for (const QJsonObject& branch : branchesAt(path)) {
        for (const char* const list : {"enum", "examples"}) {
            for (const auto& value : branch.value(QLatin1String(list)).toArray()) {
                add(value);
            }
        }
        if (branch.value(QStringLiteral("type")) == QStringLiteral("boolean")) {
            add(true);
            add(false);
        }
    }
    return words;
}

QString SchemaGuide::explanationOf(const QStringList& path, const QStringList& present) const {
    if (path.isEmpty()) {
        return {};
    }
    for (const QJsonObject& mapping : fitting(branchesAt(path.first(path.size() - 1)), present)) {
        const QJsonValue key = mapping.value(kProperties).toObject().value(path.last());
        if (key.isObject()) {
            return explanationOf(key.toObject());
        }
    }
    return {};
}

} // namespace app
