// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <optional>

namespace app {

/// The one time axis of all charts on a page: what stretch of the run they show, and the instant under the cross-hair.
/// Times are seconds since the run's origin. GUI thread.
class TimeAxis : public QObject {
    Q_OBJECT

public:
    enum class Follow {
        Nothing, ///< the range stays where the user has put it
        Last,    ///< the last seconds, of the present span
        Whole,   ///< the whole run
    };

    explicit TimeAxis(QObject* parent = nullptr);

    double from() const { return m_from; }
    double until() const { return m_until; } ///< always later than from()
    double span() const { return m_until - m_from; }
    Follow follow() const { return m_follow; }
    bool isFrozen() const { return m_frozen; }
    std::optional<double> instant() const { return m_instant; } ///< under the cross-hair

    /// From where to where there is data; the owner of the data says so at each refresh. Moves the range along if it
    /// follows and is not frozen.
    void setExtent(double from, double until);

    void followLast(double seconds);
    void followWhole();
    void setRange(double from, double until); ///< ends following; keeps within the extent
    void zoom(double factor, double around);  ///< factor < 1 shows less time; `around` stays where it is
    void pan(double seconds);                 ///< to later times if positive
    void showStart();                         ///< the first stretch of the present span
    void showEnd();                           ///< the last stretch of the present span, followed
    void setFrozen(bool frozen);              ///< pause: the view stands still whatever comes in
    void setInstant(std::optional<double> instant);
    bool choose(double seconds); ///< an instant whose events are wanted; false: nobody shows any

Q_SIGNALS:
    void chosen(double seconds);
    void rangeChanged(double from, double until);
    void followChanged(app::TimeAxis::Follow follow);
    void frozenChanged(bool frozen);
    void instantChanged();

private:
    void moveAlong();
    void place(double from, double until);
    void setFollow(Follow follow);

    double m_from = 0, m_until = 60;
    double m_first = 0, m_last = 0; // the extent
    double m_followed = 60;         // seconds that Follow::Last shows
    Follow m_follow = Follow::Whole;
    bool m_frozen = false;
    std::optional<double> m_instant;
};

} // namespace app
