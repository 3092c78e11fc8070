// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/scenario_text.h"

#include "core/yaml/yaml_tree.h"

#include <QCoreApplication>
#include <QStringDecoder>
#include <QTextCursor>
#include <QTextDocument>
#include <algorithm>

namespace app {

namespace {

struct ScenarioTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::ScenarioText)
};

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

core::Error refused(const QString& sentence) {
    return core::invalid(sentence.toStdString());
}

/// Characters that both have in front; never half of a surrogate pair.
qsizetype commonFront(const QString& a, const QString& b) {
    const auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    const qsizetype length = end - a.begin();
    return length > 0 && a[length - 1].isHighSurrogate() ? length - 1 : length;
}

qsizetype commonBack(const QString& a, const QString& b, qsizetype most) {
    qsizetype length = 0;
    while (length < most && a[a.size() - 1 - length] == b[b.size() - 1 - length]) {
        ++length;
    }
    return length > 0 && a[a.size() - length].isLowSurrogate() ? length - 1 : length;
}

} // namespace

core::Result<ScenarioText> textOf(const QByteArray& bytes) {
    if (static_cast<std::size_t>(bytes.size()) > core::kMaxYamlBytes) {
        return refused(ScenarioTexts::tr("The file is longer than 1 MiB, which no scenario is."));
    }
    ScenarioText read;
    read.layout.byteOrderMark = bytes.startsWith(kByteOrderMark);
    QStringDecoder decode(QStringDecoder::Utf8);
    read.text = decode(bytes);
    if (decode.hasError() || read.text.contains(QChar::Null)) {
        return refused(ScenarioTexts::tr("The file is not a text in UTF-8."));
    }
    const qsizetype first = bytes.indexOf('\n');
    read.layout.carriageReturns = first > 0 && bytes[first - 1] == '\r';
    read.text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    read.text.replace(QLatin1Char('\r'), QLatin1Char('\n'));
    read.isExact = bytesOf(read.text, read.layout) == bytes;
    return read;
}

QByteArray bytesOf(const QString& text, const TextLayout& layout) {
    QByteArray bytes = text.toUtf8();
    if (layout.carriageReturns) {
        bytes.replace("\n", "\r\n");
    }
    return layout.byteOrderMark ? kByteOrderMark + bytes : bytes;
}

QString plainTextOf(const QTextDocument& document) {
    return document.toRawText().replace(QChar::ParagraphSeparator, QLatin1Char('\n'));
}

void changeText(QTextDocument& document, const QString& text) {
    const QString old = plainTextOf(document);
    if (old == text) {
        return;
    }
    const qsizetype front = commonFront(old, text);
    const qsizetype back = commonBack(old, text, std::min(old.size(), text.size()) - front);
    QTextCursor cursor(&document);
    cursor.setPosition(static_cast<int>(front));
    cursor.setPosition(static_cast<int>(old.size() - back), QTextCursor::KeepAnchor);
    cursor.insertText(text.mid(front, text.size() - front - back));
}

} // namespace app
