#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QThread>

namespace app {

/// Writes files in a thread of its own, since a disk may take its time. Lives in the GUI thread; on destruction it
/// waits for the file that is being written.
class FileSaver : public QObject {
    Q_OBJECT

public:
    explicit FileSaver(QObject* parent = nullptr);
    ~FileSaver() override;

    /// The file appears whole or not at all.
    void save(const QString& file, const QByteArray& bytes);

Q_SIGNALS:
    void saved(const QString& file);
    void failed(const QString& reason);                        ///< a sentence
    void wanted(const QString& file, const QByteArray& bytes); ///< to the worker

private:
    QThread m_thread;
};

/// What FileSaver runs in its thread.
class FileWriter : public QObject {
    Q_OBJECT

public:
    void write(const QString& file, const QByteArray& bytes);

Q_SIGNALS:
    void written(const QString& file);
    void failed(const QString& reason);
};

} // namespace app
