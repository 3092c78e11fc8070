// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QtTest>

/// How long a test waits for what must happen, in milliseconds: much longer than it takes.
constexpr int kPatienceMs = 30'000;

/// The tests of a folder are one program, because linking a hundred programs takes longer than their tests. Its first
/// argument names the unit, that is tst_<unit>.cpp; the others are Qt Test's.
namespace tests {

using Main = int (*)(int argc, char** argv);

/// Registers `main` for the unit whose source file this is. Objects of this type are static.
struct Registration {
    Registration(const char* sourceFile, Main main);
};

template <typename Application, typename Test>
int run(int argc, char** argv) {
    Application application(argc, argv);
    application.setAttribute(Qt::AA_Use96Dpi); // as QTEST_MAIN does
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace tests

/// At the end of tst_<unit>.cpp, before its moc file.
#define TEST_CLASS(Class)                                                                                              \
    namespace {                                                                                                        \
    const tests::Registration kRegistrationOf##Class(__FILE__, tests::run<QCoreApplication, Class>);                   \
    }
