#include "app/desktop/charts/file_saver.h"

#include <QSaveFile>

namespace app {

FileSaver::FileSaver(QObject* parent) : QObject(parent) {
    auto* const writer = new FileWriter;
    writer->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, writer, &QObject::deleteLater);
    connect(this, &FileSaver::wanted, writer, &FileWriter::write);
    connect(writer, &FileWriter::written, this, &FileSaver::saved);
    connect(writer, &FileWriter::failed, this, &FileSaver::failed);
    m_thread.setObjectName(QStringLiteral("file saver"));
    m_thread.start();
}

FileSaver::~FileSaver() {
    m_thread.quit();
    m_thread.wait();
}

void FileSaver::save(const QString& file, const QByteArray& bytes) {
    Q_EMIT wanted(file, bytes);
}

void FileWriter::write(const QString& file, const QByteArray& bytes) {
    QSaveFile target(file);
    if (target.open(QIODevice::WriteOnly) && target.write(bytes) == bytes.size() && target.commit())
        Q_EMIT written(file);
    else
        Q_EMIT failed(tr("%1 could not be written: %2.").arg(file, target.errorString()));
}

} // namespace app
