// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/widgets/figures.h"

#include <QByteArray>
#include <QObject>
#include <QSettings>
#include <QString>
#include <QStringList>

namespace app {

enum class ThemeChoice { System, Light, Dark };

/// What the user chose for the window, kept in one ini file. Created by main() and handed on by reference. A value in
/// the file that is none of ours counts as the default. Setting a value writes it and notifies whoever listens.
class Settings : public QObject {
    Q_OBJECT

public:
    /// `defaultResults`: the results folder until another one is chosen.
    Settings(const QString& iniFile, QString defaultResults, QObject* parent = nullptr);

    ThemeChoice theme() const;
    void setTheme(ThemeChoice theme);

    static QStringList languages(); ///< "system", then the codes of what the window is translated to
    QString language() const;
    void setLanguage(const QString& language);

    ByteUnits byteUnits() const;
    void setByteUnits(ByteUnits units);

    static QList<int> updateRates(); ///< refreshes of the Live page a second
    int updatesPerSecond() const;
    void setUpdatesPerSecond(int updates);

    QString resultsFolder() const;
    void setResultsFolder(const QString& folder); ///< empty: the default again

    /// Whether a run answers over HTTP while it is on, and where; the default is not to.
    bool servesRuns() const;
    QString serveAddress() const; ///< ADDRESS:PORT
    void setServing(bool serves, const QString& address);

    /// Geometry of a window, state of a splitter or a header, by the key of its owner; empty: not kept yet.
    QByteArray layout(const QString& key) const;
    void setLayout(const QString& key, const QByteArray& state);

    /// The saved connection that runs of a scenario's file go to; empty: what the file says.
    QString connectionOf(const QString& file) const;
    void setConnectionOf(const QString& file, const QString& connection);

    /// Targets on other hosts to which the user has agreed to send load, as they are shown.
    QStringList agreedTargets() const;
    void addAgreedTarget(const QString& target);

    QStringList recentFiles() const; ///< the newest first, ten at most
    void addRecentFile(const QString& file);
    void clearRecentFiles();

Q_SIGNALS:
    void themeChanged(app::ThemeChoice theme);
    void languageChanged(const QString& language);
    void byteUnitsChanged(app::ByteUnits units);
    void updatesPerSecondChanged(int updates);
    void resultsFolderChanged(const QString& folder);
    void recentFilesChanged();

private:
    QSettings m_kept;
    QString m_defaultResults;
};

} // namespace app
