package org.posthouse;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For the flight recorder of the JDK: a client waits for its message to be durable. */
@Name("posthouse.AcceptCommit")
@Label("Accept Commit")
@Description("From the end of a message's content until it is durable")
@Category("Posthouse")
@StackTrace(false)
final class AcceptCommit extends Event {
    @Label("Durable")
    boolean durable;

    /** Records it, if it is wanted. */
    void end(boolean isDurable) {
        if (shouldCommit()) {
            durable = isDurable;
            commit();
        }
    }
}
