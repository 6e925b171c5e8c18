package org.posthouse;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;

/** Hands events to two: neither of them waits, nor loses one since the other is slow. */
record EventTee(MailEvents one, MailEvents other) implements MailEvents {
    @Override
    public void emit(MailEvent event) {
        one.emit(event);
        other.emit(event);
    }

    @Override
    public boolean wantsSteps() {
        return one.wantsSteps() || other.wantsSteps();
    }

    /** Only one of them where the other takes nothing. */
    static MailEvents of(MailEvents one, MailEvents other) {
        if (other.equals(NONE)) {
            return one;
        }
        return one.equals(NONE) ? other : new EventTee(one, other);
    }
}
