// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/translation_file.h"
#include "tests/test_class.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QSet>
#include <QtTest>

namespace {

const QStringList& languages() {
    static const QStringList codes{QStringLiteral("de"), QStringLiteral("es"), QStringLiteral("fr"),
                                   QStringLiteral("ja"), QStringLiteral("zh_CN")};
    return codes;
}

/// %1 … %9, each once; %n may be left out where a language says 'one' in words.
QStringList placeholders(const QString& text) {
    static const QRegularExpression place(QStringLiteral("%\\d"));
    QSet<QString> found;
    for (auto match = place.globalMatch(text); match.hasNext();) {
        found += match.next().captured();
    }
    QStringList sorted(found.begin(), found.end());
    sorted.sort();
    return sorted;
}

bool hasMnemonic(const QString& text) {
    static const QRegularExpression mnemonic(QStringLiteral("&[^&\\s]"));
    return mnemonic.match(text).hasMatch();
}

QString leadingSpace(const QString& text) {
    return text.left(text.size() - QStringView(text).trimmed().size() > 0 ? text.indexOf(text.trimmed()) : 0);
}

QString trailingSpace(const QString& text) {
    return text.mid(leadingSpace(text).size() + text.trimmed().size());
}

/// What is wrong with one form of a translation; empty: nothing.
QString fault(const TranslatedText& text, const QString& form) {
    if (!text.isFinished || form.isEmpty()) {
        return QStringLiteral("is not translated");
    }
    if (hasMnemonic(form) != hasMnemonic(text.source)) {
        return QStringLiteral("has lost or gained a mnemonic (&)");
    }
    if (placeholders(form) != placeholders(text.source)) {
        return QStringLiteral("has other places for values (%1 …)");
    }
    if (leadingSpace(form) != leadingSpace(text.source) || trailingSpace(form) != trailingSpace(text.source)) {
        return QStringLiteral("begins or ends with other spaces");
    }
    const QString dots = QStringLiteral("…");
    return form.endsWith(dots) != text.source.endsWith(dots) ? QStringLiteral("has lost or gained its '…'") : QString();
}

QString allSources() {
    QString all;
    for (QDirIterator it(QStringLiteral(MILLRACE_SOURCE_DIR "/app/desktop"), QDir::Files, QDirIterator::Subdirectories);
         it.hasNext();) {
        QFile file(it.next());
        if (file.open(QIODevice::ReadOnly)) {
            all += QString::fromUtf8(file.readAll());
        }
    }
    return all;
}

/// The contexts under which the program looks texts up: classes with a meta object, and what a file declares.
QSet<QString> contextsInSources() {
    static const QRegularExpression classes(QStringLiteral("class (\\w+)[^;{]*\\{\\s*Q_OBJECT"));
    static const QRegularExpression declared(QStringLiteral("(?:TR_FUNCTIONS\\(|kContext = \")app::(\\w+)"));
    const QString sources = allSources();
    QSet<QString> contexts;
    for (const QRegularExpression& context : {classes, declared}) {
        for (auto match = context.globalMatch(sources); match.hasNext();) {
            contexts += QStringLiteral("app::") + match.next().captured(1);
        }
    }
    return contexts;
}

} // namespace

/// The translators' files: complete, and as the program needs them.
class TranslationsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTextIsTranslatedWithItsPlacesMnemonicSpacesAndDots_data() {
        QTest::addColumn<QString>("language");
        for (const QString& code : languages()) {
            QTest::addRow("%s", qPrintable(code)) << code;
        }
    }

    void everyTextIsTranslatedWithItsPlacesMnemonicSpacesAndDots() {
        QFETCH(const QString, language);
        const QList<TranslatedText> texts = readTranslations(language);
        QVERIFY(texts.size() > 600);
        QStringList faults;
        for (const TranslatedText& text : texts) {
            for (const QString& form : text.forms) {
                if (const QString found = fault(text, form); !found.isEmpty()) {
                    faults += QStringLiteral("%1 '%2' → '%3' %4").arg(text.context, text.source, form, found);
                }
            }
        }
        QVERIFY2(faults.isEmpty(), qPrintable(QString::number(faults.size()) + QStringLiteral(" faults:\n") +
                                              faults.mid(0, 40).join(QLatin1Char('\n'))));
    }

    void theLanguagesHaveTheSameTexts() {
        QStringList expected;
        for (const QString& language : languages()) {
            QStringList keys;
            for (const TranslatedText& text : readTranslations(language)) {
                keys += text.context + QLatin1Char('|') + text.source + QLatin1Char('|') + text.comment;
            }
            keys.sort(); // a text that moved stands elsewhere in an older file
            expected = expected.isEmpty() ? keys : expected;
            QCOMPARE(keys, expected);
        }
    }

    void everyContextIsOneThatTheProgramLooksUp() {
        const QSet<QString> known = contextsInSources();
        for (const TranslatedText& text : readTranslations(QStringLiteral("de"))) {
            QVERIFY2(known.contains(text.context), qPrintable(text.context));
        }
    }
};

TEST_CLASS(TranslationsTest)
#include "tst_translations.moc"
