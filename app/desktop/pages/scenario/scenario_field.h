// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/value_text.h"

#include <QStringList>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace app {

/// One value of the form and where it stands in the scenario.
struct FieldSpec {
    QString path; ///< below the form's base
    QString label;
    QString tip;
    QString standard; ///< what holds if nothing is written; empty: the value is required
    ValueKind kind = ValueKind::Plain;
    QStringList choices; ///< empty: anything may be written
};

/// Shows and changes one value, with what is wrong with it below.
class ScenarioField : public QWidget {
    Q_OBJECT

public:
    explicit ScenarioField(const FieldSpec& spec, QWidget* parent = nullptr);

    const FieldSpec& spec() const { return m_spec; }
    /// `node`: null shows the standard. What the user is writing at the moment stays.
    void show(const core::YamlNode* node, const QString& problem);
    QString problem() const;

Q_SIGNALS:
    void written(const QString& value); ///< empty: the standard

private:
    void addLine();
    void addChoice();
    void showText(const QString& text);
    void showChoice(const QString& text);
    void showProblem(const QString& problem);

    FieldSpec m_spec;
    QString m_shown;
    QLineEdit* m_line = nullptr;
    QComboBox* m_choice = nullptr;
    QLabel* m_problem;
};

} // namespace app
