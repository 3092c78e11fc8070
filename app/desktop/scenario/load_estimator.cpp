#include "app/desktop/scenario/load_estimator.h"

namespace app {

LoadEstimator::LoadEstimator(QObject* parent) : QObject(parent) {
    qRegisterMetaType<ScenarioLoad>("app::ScenarioLoad");
    qRegisterMetaType<core::Scenario>("core::Scenario");
    auto* worker = new LoadWorker;
    worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, worker, &QObject::deleteLater);
    connect(this, &LoadEstimator::asked, worker, &LoadWorker::work);
    connect(worker, &LoadWorker::done, this, &LoadEstimator::answer);
    m_thread.setObjectName(QStringLiteral("load estimate"));
    m_thread.start();
}

LoadEstimator::~LoadEstimator() {
    m_thread.quit();
    m_thread.wait();
}

void LoadEstimator::estimate(const core::Scenario& scenario) {
    if (m_busy) {
        m_next = scenario;
        return;
    }
    m_busy = true;
    Q_EMIT asked(scenario);
}

void LoadEstimator::answer(const ScenarioLoad& load) {
    m_busy = false;
    if (!m_next) {
        Q_EMIT estimated(load);
        return;
    }
    const core::Scenario next = *std::move(m_next);
    m_next.reset();
    estimate(next);
}

void LoadWorker::work(const core::Scenario& scenario) {
    Q_EMIT done(loadOf(scenario));
}

} // namespace app
