// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/field_form.h"

#include "app/desktop/pages/scenario/problem_lookup.h"

#include <QFormLayout>
#include <QLabel>
#include <algorithm>

namespace app {

FieldForm::FieldForm(ScenarioDocument* document, const QList<FieldSpec>& specs, QWidget* parent)
    : QWidget(parent), m_document(document) {
    auto* layout = new QFormLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const FieldSpec& spec : specs) {
        auto* field = new ScenarioField(spec, this);
        m_fields += field;
        layout->addRow(spec.label, field);
        connect(field, &ScenarioField::written, this, [this, field](const QString& value) {
            m_document->apply(valueEdit(pathOf(field), value, field->spec().kind));
        });
    }
    connect(document, &ScenarioDocument::readAgain, this, &FieldForm::follow);
    follow();
}

void FieldForm::setBase(const std::optional<QString>& base) {
    m_base = base;
    follow();
}

QList<QWidget*> FieldForm::labels() const {
    const auto* form = qobject_cast<QFormLayout*>(layout());
    QList<QWidget*> found;
    for (ScenarioField* field : m_fields) {
        found += form->labelForField(field);
    }
    return found;
}

int FieldForm::labelWidth() const {
    int widest = 0;
    for (const QWidget* label : labels()) {
        widest = std::max(widest, label->sizeHint().width());
    }
    return widest;
}

void FieldForm::setLabelWidth(int width) {
    for (QWidget* label : labels()) {
        label->setMinimumWidth(width);
    }
}

QString FieldForm::pathOf(const ScenarioField* field) const {
    const QString base = m_base.value_or(QString());
    return base.isEmpty() ? field->spec().path : base + QLatin1Char('.') + field->spec().path;
}

void FieldForm::follow() {
    setEnabled(m_base.has_value() && m_document->isYaml());
    for (ScenarioField* field : m_fields) {
        const QString path = pathOf(field);
        field->show(m_base ? nodeOf(m_document->tree(), path) : nullptr,
                    m_base ? messagesBelow(m_document->problems(), path) : QString());
    }
}

} // namespace app
