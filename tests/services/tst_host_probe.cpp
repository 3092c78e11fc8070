// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/host/host_probe.h"
#include "tests/test_class.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <thread>

namespace {

/// A folder that looks like /proc.
class FakeProc {
public:
    FakeProc() {
        QDir(m_folder.path()).mkdir(QStringLiteral("self"));
        QDir(m_folder.path()).mkdir(QStringLiteral("net"));
        write("self/status", "Name:\tmillrace\nVmHWM:\t   9000 kB\nVmRSS:\t   2012 kB\n");
        write("meminfo", "MemTotal:       24684084 kB\nMemFree: 1 kB\nMemAvailable:   24369440 kB\n");
        write("self/io", "rchar: 7\nwchar: 8\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n");
        write("net/dev", "Inter-|   Receive  |  Transmit\n face |bytes packets|bytes packets\n"
                         "    lo:    3193      29 0 0 0 0 0 0     100      29 0 0 0 0 0 0\n"
                         "  eth0:1000 5191 0 0 0 0 0 0   20 3624 0 0 0 0 0 0\n");
        write("stat", "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 50 0 50 400 0\ncpu1 50 0 50 400 0\nintr 5\n");
    }
    void write(const char* name, const char* text) const {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    std::filesystem::path path() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

} // namespace

class TestHostProbe : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsMemoryDiskAndNetwork() {
        const FakeProc proc;
        const core::HostSample sample = services::HostProbe(proc.path()).sample();
        QCOMPARE(sample.residentSet.count, std::uint64_t{2'060'288});
        QCOMPARE(sample.memoryAvailable.count, std::uint64_t{24'954'306'560});
        QCOMPARE(sample.diskRead.count, std::uint64_t{4096});
        QCOMPARE(sample.diskWritten.count, std::uint64_t{8192});
        QCOMPARE(sample.networkIn.count, std::uint64_t{4193});
        QCOMPARE(sample.networkOut.count, std::uint64_t{120});
        QCOMPARE(sample.cores, 2);
    }

    void machineCpuIsTheBusyShareTimesTheCores() {
        const FakeProc proc;
        services::HostProbe probe(proc.path());
        // 100 ticks later: 50 busy (user 30, system 10, irq 5, steal 5), 50 idle or waiting for the disk.
        proc.write("stat", "cpu  130 0 110 840 10 5 0 5 7 0\ncpu0 1\ncpu1 1\n");
        QCOMPARE(probe.sample().machineCpu, 1.0);
        QCOMPARE(probe.sample().machineCpu, 1.0); // within the same tick: the last figure stands
    }

    void figuresThatTheSystemDoesNotTellAreZero() {
        QTemporaryDir empty;
        const core::HostSample sample = services::HostProbe(empty.path().toStdString()).sample();
        QCOMPARE(sample.residentSet.count, std::uint64_t{0});
        QCOMPARE(sample.machineCpu, 0.0);
        QCOMPARE(sample.networkIn.count, std::uint64_t{0});
        QVERIFY(sample.cores > 0);
    }

    void processCpuCountsThisProcess() {
        services::HostProbe probe;
        volatile std::uint64_t work = 0;
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
        while (std::chrono::steady_clock::now() < until) {
            work = work + 1;
        }
        const core::HostSample sample = probe.sample();
        QVERIFY2(sample.processCpu > 0.1, qPrintable(QString::number(sample.processCpu)));
        QVERIFY2(sample.processCpu <= 1.5, qPrintable(QString::number(sample.processCpu)));
        QVERIFY(sample.residentSet.count > 1'000'000);
    }

    void factsNameTheMachine() {
        const auto facts = services::hostFacts();
        for (const char* name : {"cores", "memory", "kernel", "os", "host"}) {
            QVERIFY2(!facts.at(name).empty(), name);
        }
    }

    void clockPairConvertsBetweenTheClocks() {
        const core::ClockPair pair = services::clockPair();
        const core::Instant monotonic = std::chrono::steady_clock::now();
        const core::WallTime wall = std::chrono::system_clock::now();
        const auto error = pair.instantOf(wall) - monotonic;
        QVERIFY(std::chrono::abs(error) < std::chrono::milliseconds(50));
        QCOMPARE(pair.bootId.size(), std::size_t{36});
    }
};

TEST_CLASS(TestHostProbe)
#include "tst_host_probe.moc"
