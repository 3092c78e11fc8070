// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/settings/settings.h"

#include <algorithm>
#include <utility>

namespace app {

namespace {

const QString kTheme = QStringLiteral("theme");
const QString kLanguage = QStringLiteral("language");
const QString kByteUnits = QStringLiteral("byteUnits");
const QString kUpdates = QStringLiteral("updatesPerSecond");
const QString kResults = QStringLiteral("resultsFolder");
const QString kServes = QStringLiteral("servesRuns");
const QString kServeAddress = QStringLiteral("serveAddress");
const QString kConnections = QStringLiteral("connectionsOfFiles");
const QString kAgreed = QStringLiteral("agreedTargets");
const QString kRecent = QStringLiteral("recentFiles");
constexpr int kDefaultUpdates = 5;
constexpr qsizetype kMostRecent = 10;
constexpr qsizetype kMostKept = 200; // files and targets

/// The words of the file, in the order of the enumeration.
const QStringList& themeWords() {
    static const QStringList words{QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark")};
    return words;
}
const QStringList& unitWords() {
    static const QStringList words{QStringLiteral("binary"), QStringLiteral("decimal")};
    return words;
}

template <typename Choice>
Choice choiceOf(const QVariant& kept, const QStringList& words) {
    return static_cast<Choice>(std::max(words.indexOf(kept.toString()), qsizetype{0}));
}

QString layoutKey(const QString& key) {
    return QStringLiteral("layout/") + key;
}

} // namespace

Settings::Settings(const QString& iniFile, QString defaultResults, QObject* parent)
    : QObject(parent), m_kept(iniFile, QSettings::IniFormat), m_defaultResults(std::move(defaultResults)) {}

ThemeChoice Settings::theme() const {
    return choiceOf<ThemeChoice>(m_kept.value(kTheme), themeWords());
}

void Settings::setTheme(ThemeChoice theme) {
    if (theme == this->theme()) {
        return;
    }
    m_kept.setValue(kTheme, themeWords().at(static_cast<qsizetype>(theme)));
    Q_EMIT themeChanged(theme);
}

QStringList Settings::languages() {
    return {QStringLiteral("system"), QStringLiteral("en"), QStringLiteral("de"), QStringLiteral("zh_CN"),
            QStringLiteral("es"),     QStringLiteral("fr"), QStringLiteral("ja")};
}

QString Settings::language() const {
    const QString kept = m_kept.value(kLanguage).toString();
    return languages().contains(kept) ? kept : languages().first();
}

void Settings::setLanguage(const QString& language) {
    Q_ASSERT(languages().contains(language));
    if (language == this->language()) {
        return;
    }
    m_kept.setValue(kLanguage, language);
    Q_EMIT languageChanged(language);
}

ByteUnits Settings::byteUnits() const {
    return choiceOf<ByteUnits>(m_kept.value(kByteUnits), unitWords());
}

void Settings::setByteUnits(ByteUnits units) {
    if (units == byteUnits()) {
        return;
    }
    m_kept.setValue(kByteUnits, unitWords().at(static_cast<qsizetype>(units)));
    Q_EMIT byteUnitsChanged(units);
}

QList<int> Settings::updateRates() {
    return {4, kDefaultUpdates, 10};
}

int Settings::updatesPerSecond() const {
    const int kept = m_kept.value(kUpdates).toInt();
    return updateRates().contains(kept) ? kept : kDefaultUpdates;
}

void Settings::setUpdatesPerSecond(int updates) {
    Q_ASSERT(updateRates().contains(updates));
    if (updates == updatesPerSecond()) {
        return;
    }
    m_kept.setValue(kUpdates, updates);
    Q_EMIT updatesPerSecondChanged(updates);
}

QString Settings::resultsFolder() const {
    const QString kept = m_kept.value(kResults).toString();
    return kept.isEmpty() ? m_defaultResults : kept;
}

void Settings::setResultsFolder(const QString& folder) {
    if (folder == resultsFolder()) {
        return;
    }
    if (folder.isEmpty()) {
        m_kept.remove(kResults);
    } else {
        m_kept.setValue(kResults, folder);
    }
    Q_EMIT resultsFolderChanged(resultsFolder());
}

bool Settings::servesRuns() const {
    return m_kept.value(kServes).toBool();
}

QString Settings::serveAddress() const {
    return m_kept.value(kServeAddress, QStringLiteral("127.0.0.1:8080")).toString();
}

void Settings::setServing(bool serves, const QString& address) {
    m_kept.setValue(kServes, serves);
    m_kept.setValue(kServeAddress, address);
}

QByteArray Settings::layout(const QString& key) const {
    return m_kept.value(layoutKey(key)).toByteArray();
}

void Settings::setLayout(const QString& key, const QByteArray& state) {
    m_kept.setValue(layoutKey(key), state);
}

QString Settings::connectionOf(const QString& file) const {
    return m_kept.value(kConnections).toMap().value(file).toString();
}

void Settings::setConnectionOf(const QString& file, const QString& connection) {
    QVariantMap known = m_kept.value(kConnections).toMap();
    if (connection.isEmpty()) {
        known.remove(file);
    } else {
        if (known.size() >= kMostKept && !known.contains(file)) {
            known.erase(known.begin());
        }
        known.insert(file, connection);
    }
    m_kept.setValue(kConnections, known);
}

QStringList Settings::agreedTargets() const {
    return m_kept.value(kAgreed).toStringList();
}

void Settings::addAgreedTarget(const QString& target) {
    QStringList targets = agreedTargets();
    targets.removeAll(target);
    targets.prepend(target);
    m_kept.setValue(kAgreed, targets.mid(0, kMostKept));
}

QStringList Settings::recentFiles() const {
    return m_kept.value(kRecent).toStringList();
}

void Settings::addRecentFile(const QString& file) {
    QStringList files = recentFiles();
    files.removeAll(file);
    files.prepend(file);
    m_kept.setValue(kRecent, files.mid(0, kMostRecent));
    Q_EMIT recentFilesChanged();
}

void Settings::clearRecentFiles() {
    m_kept.remove(kRecent);
    Q_EMIT recentFilesChanged();
}

} // namespace app
