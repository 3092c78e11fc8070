// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/scenario_form.h"

#include "app/desktop/pages/scenario/field_form.h"
#include "app/desktop/pages/scenario/form_fields.h"
#include "app/desktop/pages/scenario/item_columns.h"
#include "app/desktop/pages/scenario/rule_form.h"
#include "app/desktop/pages/scenario/rule_outcome.h"
#include "app/desktop/widgets/figures.h"
#include "core/verdict/rule_words.h"
#include "core/yaml/yaml_edit.h"
#include "core/yaml/yaml_writing.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace app {

namespace {

const QString kStreams = QStringLiteral("streams");

/// A heading that leads to its part of the form by Alt and its letter.
QLabel* heading(const QString& text, QWidget* buddy) {
    auto* label = new QLabel(text);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    label->setBuddy(buddy);
    return label;
}

QWidget* scrolled(QWidget* content) {
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus); // Tab goes from field to field
    area->setWidget(content);
    area->viewport()->setAutoFillBackground(false); // the tab's own shows
    content->setAutoFillBackground(false);
    return area;
}

FieldForm* formAt(ScenarioDocument* document, const QList<FieldSpec>& fields, const char* base) {
    auto* form = new FieldForm(document, fields);
    form->setBase(QString::fromLatin1(base));
    return form;
}

/// A copy with a name of its own, so that it is no problem from the start.
ScenarioDocument::Edit copyOfStream(const QString& path, int row) {
    return [path = path.toStdString(), row](std::string_view text) -> core::Result<std::string> {
        core::Result<std::string> copied = core::copyItem(text, path, static_cast<std::size_t>(row));
        const core::YamlReading reading = core::readYaml(text);
        const core::YamlNode* streams = nodeOf(reading.root, QString::fromStdString(path));
        if (!copied || streams == nullptr) {
            return copied;
        }
        const core::YamlEntry* name = streams->items[static_cast<std::size_t>(row)].find("name");
        if (name == nullptr) {
            return copied;
        }
        const QString free = freeStreamName(streams, QString::fromStdString(name->value.text));
        return core::setValue(*copied, path + '[' + std::to_string(row + 1) + "].name",
                              core::yamlText(free.toStdString()));
    };
}

} // namespace

ScenarioForm::ScenarioForm(ScenarioDocument* document, QWidget* parent)
    : QTabWidget(parent),
      m_document(document),
      m_streams(new ItemTableModel(document, streamColumns(), this)),
      m_stages(new ItemTableModel(document, stageColumns(), this)),
      m_rules(new ItemTableModel(document,
                                 ruleColumns([this](const core::YamlNode& rule) { return lastValueOf(rule); }), this)),
      m_target(new TargetChooser(document)) {
    setAccessibleName(tr("Form of the scenario"));
    addTab(loadPage(), tr("&Load"));
    addTab(eventPage(), tr("E&vents"));
    addTab(rulePage(), tr("R&ules"));
    addTab(pipelinePage(), tr("&Pipeline"));
    addTab(m_target, tr("&Target"));
    m_streams->setPath(kStreams);
    m_rules->setPath(QStringLiteral("thresholds"));
    connect(m_streamTable, &ItemTable::currentRowChanged, this, &ScenarioForm::chooseStream);
    connect(document, &ScenarioDocument::readAgain, this, &ScenarioForm::keepAStreamChosen);
    keepAStreamChosen();
}

QWidget* ScenarioForm::loadPage() {
    m_streamTable = new ItemTable(m_document, m_streams, tr("Streams"), newStream);
    m_streamTable->setCopyEdit(copyOfStream);
    m_streamTable->view()->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_stageTable = new ItemTable(m_document, m_stages, tr("Stages of the chosen stream"),
                                 [](const core::YamlNode*) { return newStage(); });
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->addWidget(formAt(m_document, generalFields(), ""));
    layout->addWidget(heading(tr("&Streams"), m_streamTable->view()));
    layout->addWidget(m_streamTable, 1);
    layout->addWidget(heading(tr("Sta&ges of the chosen stream"), m_stageTable->view()));
    layout->addWidget(m_stageTable, 1);
    return page;
}

QWidget* ScenarioForm::eventPage() {
    m_event = new FieldForm(m_document, eventFields());
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    m_eventStream = new QComboBox;
    m_eventStream->setObjectName(QStringLiteral("eventStream"));
    m_eventStream->setAccessibleName(tr("Stream"));
    m_eventStream->setToolTip(tr("The stream whose events these fields shape."));
    m_eventStream->setModel(m_streams);
    m_eventStream->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(m_eventStream, &QComboBox::activated, this, [this](int row) { m_streamTable->selectRow(row); });
    auto* chosen = new QFormLayout;
    chosen->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    chosen->addRow(tr("Stream"), m_eventStream);
    chosen->labelForField(m_eventStream)->setMinimumWidth(m_event->labelWidth());
    layout->addLayout(chosen);
    layout->addWidget(m_event);
    layout->addStretch();
    return scrolled(page);
}

QWidget* ScenarioForm::rulePage() {
    auto* table = new ItemTable(m_document, m_rules, tr("Rules"), [](const core::YamlNode*) { return newRule(); });
    table->view()->horizontalHeader()->setStretchLastSection(false);
    table->view()->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    table->view()->horizontalHeader()->setSectionResizeMode(m_rules->columnCount() - 1, QHeaderView::ResizeToContents);
    auto* form = new RuleForm(m_document, m_rules);
    connect(table, &ItemTable::currentRowChanged, form, &RuleForm::setRow);
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    auto* about = new QLabel(tr("What must hold for the verdict 'passed'."));
    about->setWordWrap(true);
    layout->addWidget(about);
    layout->addWidget(table, 1);
    layout->addWidget(form);
    return page;
}

QWidget* ScenarioForm::pipelinePage() {
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    QList<FieldForm*> forms;
    const auto add = [layout, &forms](const QString& name, FieldForm* form) {
        layout->addWidget(heading(name, form));
        layout->addWidget(form);
        forms += form;
    };
    add(tr("Kafka"), formAt(m_document, kafkaFields(), "kafka"));
    add(tr("Consumer"), formAt(m_document, consumedByFields(), ""));
    auto* const settings = formAt(m_document, consumerFields(), "consumer");
    layout->addWidget(settings);
    forms += settings;
    add(tr("Duplicate filter"), formAt(m_document, dedupeFields(), "dedupe"));
    int widest = 0;
    for (const FieldForm* const form : forms) {
        widest = std::max(widest, form->labelWidth());
    }
    for (FieldForm* const form : forms) { // their fields stand below each other
        form->setLabelWidth(widest);
    }
    layout->addStretch();
    return scrolled(page);
}

/// Where there is only one stream it is meant, chosen or not.
void ScenarioForm::chooseStream(int row) {
    const bool isOne = (row >= 0 && row < m_streams->rowCount()) || m_streams->rowCount() == 1;
    const QString stream = m_streams->pathOfRow(std::max(row, 0));
    m_stages->setPath(isOne ? stream + QStringLiteral(".stages") : QString());
    m_eventStream->setCurrentIndex(isOne ? std::max(row, 0) : -1);
    m_event->setBase(isOne ? std::optional(stream + QStringLiteral(".event")) : std::nullopt);
}

void ScenarioForm::setLastRun(std::shared_ptr<const core::RunResult> result) {
    m_lastRun = std::move(result);
    m_lastValues.clear();
    m_rules->setPath(m_rules->path()); // shows the values
}

/// Of a rule that can be read, if the last run was one of this scenario, which is told by its name.
QString ScenarioForm::lastValueOf(const core::YamlNode& rule) const {
    const core::YamlEntry* name = m_document->tree().find("name");
    if (!m_lastRun || name == nullptr || name->value.text != m_lastRun->name) {
        return unknownFigure();
    }
    core::ThresholdSpec spec;
    spec.rule = rule.text;
    if (const core::YamlEntry* text = rule.find("rule")) {
        spec.rule = text->value.text;
    }
    if (const core::YamlEntry* during = rule.find("during")) {
        spec.during = during->value.text;
    }
    QString& value = m_lastValues[QString::fromStdString(spec.during + '\n' + spec.rule)];
    if (value.isEmpty()) {
        const core::Result<core::Threshold> read = core::Threshold::parse(spec);
        const std::string text = read ? core::valueText(outcomeIn(*m_lastRun, *read)) : std::string();
        value = text.empty() ? unknownFigure() : QString::fromStdString(text);
    }
    return value;
}

void ScenarioForm::keepAStreamChosen() {
    if (m_streamTable->currentRow() < 0 && m_streams->rowCount() > 0) {
        m_streamTable->selectRow(0);
    }
    if (m_streams->rowCount() == 0) {
        chooseStream(-1);
    }
}

} // namespace app
