// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unistd.h>

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>
#include <chrono>
#include <csignal>

/// Starts the real program in a folder of its own, without the environment's servers.
class Millraced {
public:
    explicit Millraced(QString folder) : m_folder(std::move(folder)) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"MILLRACE_BROKER", "MILLRACE_STORE", "MILLRACE_DEDUPE", "SPDLOG_LEVEL"}) {
            environment.remove(QString::fromLatin1(name));
        }
        m_process.setProcessEnvironment(environment);
        m_process.setWorkingDirectory(m_folder);
    }
    ~Millraced() {
        if (m_process.state() == QProcess::NotRunning) {
            return;
        }
        m_process.kill();
        m_process.waitForFinished();
    }

    void setVariable(const char* name, const QString& value) {
        QProcessEnvironment environment = m_process.processEnvironment();
        environment.insert(QString::fromLatin1(name), value);
        m_process.setProcessEnvironment(environment);
    }

    /// Its standard output goes there instead; to be called before start().
    void useAsOutput(int descriptor) {
        m_process.setChildProcessModifier([descriptor] { ::dup2(descriptor, STDOUT_FILENO); });
    }

    bool start(const QStringList& arguments) {
        m_process.start(QStringLiteral(MILLRACED), arguments);
        return m_process.waitForStarted();
    }
    /// Waits until standard output holds the text.
    bool says(const QString& text, std::chrono::seconds limit = std::chrono::seconds(60)) {
        const auto until = std::chrono::steady_clock::now() + limit;
        while (!m_output.contains(text) && std::chrono::steady_clock::now() < until &&
               m_process.state() == QProcess::Running) {
            m_process.waitForReadyRead(100);
            read();
        }
        return m_output.contains(text);
    }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }
    qint64 pid() const { return m_process.processId(); }

    /// The exit code; −1: it ended by a signal, or not in time.
    int finish(std::chrono::seconds limit = std::chrono::seconds(120)) {
        const auto millis = static_cast<int>(std::chrono::milliseconds(limit).count());
        const bool ended = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(millis);
        read();
        return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    int run(const QStringList& arguments) { return start(arguments) ? finish() : -1; }

    const QString& output() const { return m_output; }
    const QString& complaints() const { return m_complaints; }
    QString all() const { return m_output + QStringLiteral("\n--- standard error\n") + m_complaints; }

private:
    void read() {
        m_output += QString::fromUtf8(m_process.readAllStandardOutput());
        m_complaints += QString::fromUtf8(m_process.readAllStandardError());
    }

    QString m_folder;
    QProcess m_process;
    QString m_output, m_complaints;
};
