// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/files.h"
#include "tests/test_class.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QtTest>

/// resources/docs/contract.md against the tree: whatever number of a rule or a fault is cited stands there once, and a
/// fault names tests that exist or says what is missing.
namespace {

const QString kTree = QStringLiteral(MILLRACE_SOURCE_DIR "/");

/// What is wrong with a contract, and nothing else: texts in, complaints out.
struct Contract {
    QStringList rules;             ///< D, R, K, M and S, in the document's order
    QMap<QString, QString> faults; ///< T1 to its last column; of a number that stands there twice, the last
    QStringList repeated;
};

Contract contractOf(const QString& text) {
    static const QRegularExpression rule(QStringLiteral("^- \\*\\*([DRKMS]\\d+)\\*\\* \\S"));
    static const QRegularExpression fault(QStringLiteral("^\\| (T\\d+) \\| .+ \\| (.+) \\|$"));
    Contract contract;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        if (const auto match = rule.match(line); match.hasMatch()) {
            const QString number = match.captured(1);
            (contract.rules.contains(number) ? contract.repeated : contract.rules).append(number);
        } else if (const auto row = fault.match(line); row.hasMatch()) {
            if (contract.faults.contains(row.captured(1))) {
                contract.repeated.append(row.captured(1));
            }
            contract.faults.insert(row.captured(1), row.captured(2));
        }
    }
    return contract;
}

QStringList citedIn(const QString& text) {
    static const QRegularExpression number(QStringLiteral("\\b[DRKMST][1-9]\\d?\\b"));
    QStringList cited;
    for (auto match = number.globalMatch(text); match.hasNext();) {
        cited.append(match.next().captured());
    }
    cited.removeDuplicates();
    return cited;
}

/// Empty: the fault names a test and each of them exists, or it says 'not yet'.
QString complaintAboutFault(const QString& column, const QStringList& tests) {
    static const QRegularExpression name(QStringLiteral("`([a-z]+\\.[a-z0-9_]+)`"));
    bool named = false;
    for (auto match = name.globalMatch(column); match.hasNext(); named = true) {
        if (const QString test = match.next().captured(1); !tests.contains(test)) {
            return QStringLiteral("no test is called ") + test;
        }
    }
    return named || column.contains(QStringLiteral("not yet")) ? QString()
                                                               : QStringLiteral("no test, and no 'not yet'");
}

/// The names that a folder's CMakeLists.txt gives to CTest, as far as they stand there in letters.
QStringList testsOf(const QString& list, const QString& layer) {
    static const QRegularExpression loop(QStringLiteral("foreach\\(unit ([^)]+)\\)\\s*(millrace_add_test\\()?"));
    static const QRegularExpression unit(QStringLiteral("(?:millrace_add_test|(?:fault|program)_row)\\(([a-z0-9_]+)"));
    static const QRegularExpression plain(QStringLiteral("add_test\\(NAME ([a-z]+\\.[a-z0-9_]+)"));
    QStringList tests;
    for (auto match = loop.globalMatch(list); match.hasNext();) {
        static const QRegularExpression blank(QStringLiteral("\\s+"));
        for (const QString& name : match.next().captured(1).split(blank, Qt::SkipEmptyParts)) {
            tests.append(layer + QLatin1Char('.') + name);
        }
    }
    for (auto match = unit.globalMatch(list); match.hasNext();) {
        tests.append(layer + QLatin1Char('.') + match.next().captured(1));
    }
    for (auto match = plain.globalMatch(list); match.hasNext();) {
        tests.append(match.next().captured(1));
    }
    return tests;
}

QStringList testsOfTheTree() {
    QStringList tests;
    for (const char* const layer : {"core", "services", "app", "faults", "scripts", "bench"}) {
        const QString name = QString::fromLatin1(layer);
        tests += testsOf(QString::fromUtf8(contentOfFile(kTree + QStringLiteral("tests/%1/CMakeLists.txt").arg(name))),
                         name);
    }
    return tests;
}

Contract contractOfTheTree() {
    return contractOf(QString::fromUtf8(contentOfFile(kTree + QStringLiteral("resources/docs/contract.md"))));
}

} // namespace

class ContractTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsWhatIsCited_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cited");
        QTest::newRow("a rule in a comment") << "{\"acks\", \"all\"}, // K7" << "K7";
        QTest::newRow("several, each once") << "(contract.md, D2, D5, D2; T13)" << "D2 D5 T13";
        QTest::newRow("a part of a name is none") << "kD3, 2026-01-02T03:04, M365, T0" << "";
    }
    void findsWhatIsCited() {
        QFETCH(QString, text);
        QTEST(citedIn(text).join(QLatin1Char(' ')), "cited");
    }

    void judgesAFault_data() {
        QTest::addColumn<QString>("column");
        QTest::addColumn<QString>("complaint");
        QTest::newRow("a test that exists") << "`faults.open_loop` (short)" << "";
        QTest::newRow("not yet") << "not yet (there are no daemons)" << "";
        QTest::newRow("a test that does not exist")
            << "`faults.flood`; not yet: fire" << "no test is called faults.flood";
        QTest::newRow("no test at all") << "by hand" << "no test, and no 'not yet'";
    }
    void judgesAFault() {
        QFETCH(QString, column);
        QTEST(complaintAboutFault(column, {QStringLiteral("faults.open_loop")}), "complaint");
    }

    void seesANumberThatStandsThereTwice() {
        const Contract contract =
            contractOf(QStringLiteral("- **D1** One.\n- **D1** Two.\n| T1 | a | b |\n| T1 | a | b |\n"));
        QCOMPARE(contract.repeated, (QStringList{QStringLiteral("D1"), QStringLiteral("T1")}));
    }

    void readsTheNamesOfTests() {
        const QString list = QStringLiteral("foreach(unit one\n   two)\n  millrace_add_test(${unit})\nendforeach()\n"
                                            "millrace_add_test(three LABELS stack)\nadd_test(NAME app.four COMMAND x)\n"
                                            "fault_row(t05_five COMMAND x)\nprogram_row(t06_six store)\n");
        QCOMPARE(testsOf(list, QStringLiteral("core")).join(QLatin1Char(' ')),
                 QStringLiteral("core.one core.two core.three core.t05_five core.t06_six app.four"));
    }

    void theContractIsComplete() {
        const Contract contract = contractOfTheTree();
        QCOMPARE(
            contract.rules.join(QLatin1Char(' ')),
            QStringLiteral("D1 D2 D3 D4 D5 D6 D7 D8 D9 D10 D11 D12 D13 D14 D15 R1 R2 R3 R4 R5 R6 K1 K2 K3 K4 K5 K6 K7 "
                           "M1 M2 M3 M4 M5 M6 M7 M8 S1 S2 S3 S4 S5 S6 S7 S8 S9 S10"));
        QCOMPARE(contract.faults.size(), 26);
        QCOMPARE(contract.repeated, QStringList());
    }

    void everyFaultNamesItsTest() {
        const QStringList tests = testsOfTheTree();
        const Contract contract = contractOfTheTree();
        for (auto fault = contract.faults.begin(); fault != contract.faults.end(); ++fault) {
            const QString complaint = complaintAboutFault(fault.value(), tests);
            QVERIFY2(complaint.isEmpty(), qPrintable(fault.key() + QStringLiteral(": ") + complaint));
        }
    }

    void everyNumberThatIsCitedStandsThere() {
        const Contract contract = contractOfTheTree();
        qsizetype citing = 0;
        for (const char* const folder : {"core", "services", "app", "tests", "resources/docs", "installers"}) {
            QDirIterator files(kTree + QString::fromLatin1(folder), QDir::Files, QDirIterator::Subdirectories);
            while (files.hasNext()) {
                citing += check(files.next(), contract);
            }
        }
        for (const QString& file :
             QDir(kTree).entryList({QStringLiteral("*.md"), QStringLiteral("*.sh")}, QDir::Files)) {
            citing += check(kTree + file, contract);
        }
        QVERIFY(citing >= 20); // that many files cite the contract: the tree was found
    }

private:
    /// 1 if the file cites numbers, and all of them exist.
    static int check(const QString& file, const Contract& contract) {
        static const QRegularExpression kinds(QStringLiteral("\\.(cpp|h|md|sh|txt)$|/[a-z-]+$"));
        if (!kinds.match(file).hasMatch() || file.endsWith(QStringLiteral("/tst_contract.cpp"))) {
            return 0;
        }
        const QStringList cited = citedIn(QString::fromUtf8(contentOfFile(file)));
        for (const QString& number : cited) {
            if (!contract.rules.contains(number) && !contract.faults.contains(number)) {
                QTest::qFail(qPrintable(file + QStringLiteral(" cites ") + number +
                                        QStringLiteral(", which the contract does not have")),
                             __FILE__, __LINE__);
                return 0;
            }
        }
        return cited.isEmpty() ? 0 : 1;
    }
};

TEST_CLASS(ContractTest)
#include "tst_contract.moc"
