// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/test_class.h"

#include <QApplication>

/// As TEST_CLASS, for tests of what has windows.
#define WINDOW_TEST(Class)                                                                                             \
    namespace {                                                                                                        \
    const tests::Registration kRegistrationOf##Class(__FILE__, tests::run<QApplication, Class>);                       \
    }
