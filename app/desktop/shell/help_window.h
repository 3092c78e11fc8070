// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QListWidget;
class QTextBrowser;

namespace app {

/// Millrace's documents, which are in the program: a list of them, and one to read. Holds up nothing.
class HelpWindow : public QDialog {
    Q_OBJECT

public:
    explicit HelpWindow(QWidget* parent = nullptr);

    void read(const QString& document); ///< a file's name in resources/docs
    QString document() const;           ///< the one that is shown

private:
    void fill();
    void follow(const QUrl& link);

    QListWidget* m_list;
    QTextBrowser* m_text;
};

} // namespace app
