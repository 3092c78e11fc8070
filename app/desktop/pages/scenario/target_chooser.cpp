// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/target_chooser.h"

#include "app/desktop/pages/scenario/field_form.h"
#include "app/desktop/widgets/popup_choice.h"
#include "app/desktop/widgets/target_text.h"
#include "app/launch/target_choice.h"
#include "core/yaml/yaml_change.h"
#include "core/yaml/yaml_edit.h"
#include "core/yaml/yaml_writing.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace app {

namespace {

enum Where { NotSaid, Embedded, Servers, FirstSaved }; // rows of the choice

QList<FieldSpec> serverFields() {
    return {{QStringLiteral("broker"),
             TargetChooser::tr("Broker"),
             TargetChooser::tr("embedded, or HOST:PORT, several with commas between them."),
             TargetChooser::tr("from the environment, else embedded"),
             ValueKind::Text,
             {}},
            {QStringLiteral("store"),
             TargetChooser::tr("Store"),
             TargetChooser::tr(
                 "embedded, sqlite:FILE or postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE. A password is never "
                 "written out."),
             TargetChooser::tr("from the environment, else embedded"),
             ValueKind::Text,
             {}},
            {QStringLiteral("dedupe"),
             TargetChooser::tr("Duplicate filter"),
             TargetChooser::tr("memory or redis://HOST:PORT."),
             TargetChooser::tr("from the environment, else memory"),
             ValueKind::Text,
             {}}};
}

core::YamlNode serversOnThisMachine() {
    core::YamlNode servers = core::emptyMapping();
    servers.entries.push_back({core::yamlKey("broker"), core::yamlText("localhost:9092")});
    servers.entries.push_back({core::yamlKey("store"), core::yamlText("postgresql://localhost:5432/logs")});
    servers.entries.push_back({core::yamlKey("dedupe"), core::yamlText("redis://localhost:6379")});
    return servers;
}

QString textOf(const core::Result<core::Target>& target) {
    return target ? targetText(*target) : TargetChooser::tr("an address that cannot be read");
}

QString lineOf(const TargetAnswer& answer) {
    const QString verdict = answer.reached ? TargetChooser::tr("answers") : TargetChooser::tr("does not answer");
    const QString time = answer.roundTripMs
                             ? TargetChooser::tr(" in %1 ms").arg(QLocale().toString(*answer.roundTripMs, 'g', 3))
                             : QString();
    return QStringLiteral("%1 %2%3: %4").arg(answer.part, verdict, time, answer.text);
}

} // namespace

TargetChooser::TargetChooser(ScenarioDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_where(new PopupChoice(this)),
      m_servers(new FieldForm(document, serverFields(), this)),
      m_test(new QPushButton(tr("Test"), this)),
      m_overridden(new QLabel(this)),
      m_answers(new QLabel(this)) {
    m_where->setObjectName(QStringLiteral("where"));
    m_where->setAccessibleName(tr("Where the run goes"));
    m_where->setToolTip(
        tr("Embedded needs no server. A saved connection wins over what the scenario says and leaves its "
           "text as it is."));
    m_test->setAccessibleName(tr("Test the target"));
    m_test->setToolTip(tr("Asks each server and shows its answer and its round trip."));
    m_overridden->setObjectName(QStringLiteral("overridden"));
    m_overridden->setTextFormat(Qt::PlainText);
    m_overridden->setWordWrap(true);
    m_answers->setObjectName(QStringLiteral("answers"));
    m_answers->setTextFormat(Qt::PlainText);
    m_answers->setWordWrap(true);
    m_answers->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_where);
    layout->addWidget(m_overridden);
    layout->addWidget(m_servers);
    layout->addWidget(m_test, 0, Qt::AlignLeft);
    layout->addWidget(m_answers);
    layout->addStretch();
    connect(m_where, &QComboBox::activated, this, &TargetChooser::choose);
    connect(m_test, &QPushButton::clicked, this, &TargetChooser::test);
    connect(document, &ScenarioDocument::readAgain, this, &TargetChooser::follow);
    fill();
}

void TargetChooser::setSavedTargets(SavedTargets* targets) {
    m_saved = targets;
    if (targets != nullptr) {
        connect(targets, &QAbstractItemModel::modelReset, this, &TargetChooser::fill);
        connect(targets, &QAbstractItemModel::rowsInserted, this, &TargetChooser::fill);
        connect(targets, &QAbstractItemModel::rowsRemoved, this, &TargetChooser::fill);
        connect(targets, &QAbstractItemModel::dataChanged, this, &TargetChooser::fill);
    }
    fill();
}

/// The chosen connection is found again by its name: rows may have moved.
void TargetChooser::fill() {
    m_where->clear();
    m_where->addItems({tr("From the environment, else embedded"), tr("Embedded: no server is needed"), tr("Servers")});
    m_savedRow = -1;
    for (int row = 0; m_saved && row < m_saved->rowCount(); ++row) {
        m_where->addItem(m_saved->index(row).data().toString());
        if (!m_savedName.isEmpty() && m_where->itemText(FirstSaved + row) == m_savedName) {
            m_savedRow = row;
        }
    }
    follow();
}

void TargetChooser::follow() {
    const core::YamlNode* target = nodeOf(m_document->tree(), QStringLiteral("target"));
    const bool isSaved = m_savedRow >= 0;
    const bool isServers = target != nullptr && target->kind == core::YamlNode::Kind::Mapping;
    const int said = target == nullptr ? NotSaid : isServers ? Servers : Embedded;
    m_where->setCurrentIndex(isSaved ? FirstSaved + m_savedRow : said);
    m_servers->setVisible(isServers && !isSaved);
    m_servers->setBase(QStringLiteral("target"));
    m_test->setEnabled(isSaved || m_document->scenario().has_value());
    m_overridden->setVisible(isSaved && target != nullptr);
    if (isSaved && target != nullptr) {
        const QString own = m_document->scenario() ? textOf(ownTarget()) : tr("servers of its own");
        m_overridden->setText(tr("The scenario's text says: %1. The connection chosen here wins.").arg(own));
    }
    Q_EMIT changed();
}

void TargetChooser::chooseSaved(const QString& name) {
    m_savedName = name;
    m_answers->clear();
    fill();
}

QStringList TargetChooser::choices() const {
    QStringList texts;
    for (int i = 0; i < m_where->count(); ++i) {
        texts += m_where->itemText(i);
    }
    return texts;
}

int TargetChooser::current() const {
    return m_where->currentIndex();
}

core::Result<core::Target> TargetChooser::target() const {
    const auto saved = chosen();
    return saved ? core::Result(*saved) : ownTarget();
}

/// As if no connection were chosen. A scenario with problems says nothing.
core::Result<core::Target> TargetChooser::ownTarget() const {
    const core::PartialTarget said = m_document->scenario() ? m_document->scenario()->target : core::PartialTarget();
    return chooseTarget({}, said, environmentVariable);
}

QString TargetChooser::text() const {
    return m_savedRow >= 0 ? m_savedName : textOf(target());
}

void TargetChooser::choose(int index) {
    m_answers->clear();
    m_savedRow = index >= FirstSaved ? index - FirstSaved : -1;
    m_savedName = m_savedRow >= 0 ? m_where->itemText(index) : QString();
    Q_EMIT chosenByUser();
    if (m_savedRow >= 0) {
        follow();
        return;
    }
    m_document->apply([index](std::string_view text) -> core::Result<std::string> {
        const core::YamlReading reading = core::readYaml(text);
        const core::YamlEntry* there = reading.root.find("target");
        if (index == NotSaid) {
            return there == nullptr ? core::Result<std::string>(std::string(text)) : core::removeAt(text, "target");
        }
        if (index == Embedded) {
            return core::setValue(text, "target", core::yamlText("embedded"));
        }
        const bool isServers = there != nullptr && there->value.kind == core::YamlNode::Kind::Mapping;
        return isServers ? core::Result<std::string>(std::string(text))
                         : core::setValue(text, "target", serversOnThisMachine());
    });
}

std::optional<core::Target> TargetChooser::chosen() const {
    return m_saved && m_savedRow >= 0 ? std::optional(m_saved->target(m_savedRow)) : std::nullopt;
}

void TargetChooser::test() {
    const core::Result<core::Target> asked = target();
    if (!asked) {
        m_answers->setText(QString::fromStdString(asked.error().text()));
        return;
    }
    m_answers->setText(tr("Asking…"));
    Q_EMIT testRequested(*asked);
}

void TargetChooser::showAnswers(const QList<TargetAnswer>& answers) {
    QStringList lines;
    for (const TargetAnswer& answer : answers) {
        lines += lineOf(answer);
    }
    m_answers->setText(lines.join(QLatin1Char('\n')));
}

} // namespace app
