// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/help_window.h"

#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QListWidget>
#include <QSplitter>
#include <QTextBrowser>
#include <QVBoxLayout>

/// AUTORCC's initializer lies in a static library, which is linked in only if somebody asks.
static void loadDocuments() {
    Q_INIT_RESOURCE(docs);
}

namespace app {

namespace {

constexpr int kFile = Qt::UserRole;
constexpr QSize kSize{980, 720};

/// The document's first heading.
QString titleOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return path;
    }
    return QString::fromUtf8(file.readLine()).remove(QLatin1Char('#')).trimmed();
}

} // namespace

HelpWindow::HelpWindow(QWidget* parent) : QDialog(parent), m_list(new QListWidget), m_text(new QTextBrowser) {
    loadDocuments();
    setWindowTitle(tr("Help"));
    resize(kSize);
    m_list->setAccessibleName(tr("Documents"));
    m_text->setAccessibleName(tr("Text of the document"));
    m_text->setOpenLinks(false);
    auto* const parts = new QSplitter(this);
    parts->addWidget(m_list);
    parts->addWidget(m_text);
    parts->setStretchFactor(1, 1);
    parts->setSizes({kSize.width() / 4, kSize.width() * 3 / 4});
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(parts);
    fill();
    connect(m_list, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
        if (item != nullptr) {
            m_text->setSource(QUrl(QStringLiteral("qrc:/docs/") + item->data(kFile).toString()));
        }
    });
    connect(m_text, &QTextBrowser::anchorClicked, this, &HelpWindow::follow);
}

void HelpWindow::fill() {
    const QDir documents(QStringLiteral(":/docs"));
    for (const QString& file : documents.entryList({QStringLiteral("*.md")})) {
        auto* const item = new QListWidgetItem(titleOf(documents.filePath(file)), m_list);
        item->setData(kFile, file);
    }
}

void HelpWindow::read(const QString& document) {
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->data(kFile).toString() == document) {
            m_list->setCurrentRow(row);
        }
    }
}

QString HelpWindow::document() const {
    const QListWidgetItem* const item = m_list->currentItem();
    return item != nullptr ? item->data(kFile).toString() : QString();
}

/// Another document of ours, a place in this one, or something for the desktop's browser.
void HelpWindow::follow(const QUrl& link) {
    if (link.isRelative() && link.path().isEmpty()) {
        m_text->scrollToAnchor(link.fragment());
    } else if (link.isRelative() || link.scheme() == QLatin1String("qrc")) {
        read(link.fileName());
    } else {
        QDesktopServices::openUrl(link);
    }
}

} // namespace app
