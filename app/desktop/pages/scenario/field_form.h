// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/scenario_field.h"

#include <QWidget>

namespace app {

/// Fields below each other that follow the document, and change it.
class FieldForm : public QWidget {
    Q_OBJECT

public:
    FieldForm(ScenarioDocument* document, const QList<FieldSpec>& specs, QWidget* parent = nullptr);

    /// What the fields' paths begin with, such as streams[2]; nothing: there is nothing to show, so no field can be
    /// used.
    void setBase(const std::optional<QString>& base);
    int labelWidth() const; ///< that its labels need
    void setLabelWidth(int width);

private:
    void follow();
    QString pathOf(const ScenarioField* field) const;
    QList<QWidget*> labels() const;

    ScenarioDocument* m_document;
    std::optional<QString> m_base = QString();
    QList<ScenarioField*> m_fields;
};

} // namespace app
