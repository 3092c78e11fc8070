// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/saved_targets.h"
#include "app/desktop/pages/scenario/scenario_document.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace app {

class FieldForm;

/// Where the run goes: what the scenario says, which is changed here, or a saved connection, which wins over it and
/// leaves the text as it is.
class TargetChooser : public QWidget {
    Q_OBJECT

public:
    explicit TargetChooser(ScenarioDocument* document, QWidget* parent = nullptr);

    void setSavedTargets(SavedTargets* targets); ///< may be null
    std::optional<core::Target> chosen() const;  ///< of a saved connection; nothing: the scenario's own
    QString saved() const { return m_saved ? m_savedName : QString(); } ///< the connection's name; empty: none
    void chooseSaved(const QString& name); ///< as soon as there is one of that name; empty: none
    QStringList choices() const;
    int current() const;
    void choose(int index);                    ///< of the choices; changes the scenario unless it is a saved connection
    QString text() const;                      ///< where a run goes now
    core::Result<core::Target> target() const; ///< the same, without the passwords that are kept elsewhere
    void showAnswers(const QList<TargetAnswer>& answers);

Q_SIGNALS:
    void changed(); ///< where a run goes, or may go
    void chosenByUser();
    void testRequested(const core::Target& target); ///< all three parts are named

private:
    void fill();
    void follow();
    core::Result<core::Target> ownTarget() const;
    void test();

    ScenarioDocument* m_document;
    QPointer<SavedTargets> m_saved;
    QComboBox* m_where;
    FieldForm* m_servers;
    QPushButton* m_test;
    QLabel *m_overridden, *m_answers;
    QString m_savedName; // that is wished; empty: none
    int m_savedRow = -1;
};

} // namespace app
