package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.Reply;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A virtual thread that owns a carrier to one site and takes one group after the other from its
 * queue. Outcomes go to the completion and from there to the disk while it already attempts the
 * next; how many of its outcomes may be on that way is bounded, since a crash repeats them. While
 * one group is attempted, its carrier may take along others from the queue.
 */
final class Worker implements SmtpCarrier.Owner {
    /** A site opens another connection when more groups than this wait for each it has. */
    static final int GROUPS_EACH = 8;

    /** Groups that a worker takes before it makes room for a site that waits for one. */
    private static final int TURN_GROUPS = 200;

    private static final long NANOS_EACH_MILLI = 1_000_000;

    /** Outcomes not yet durable. */
    private static final int UNSETTLED_MAX = 32;

    private volatile Site site;
    private final Dispatcher dispatcher;
    private final Turns turns;
    private final Completion completion;
    private final TimeSource time;
    private final Signal work;
    private final Semaphore credit = new Semaphore(UNSETTLED_MAX);
    private @Nullable Carrier carrier;
    private Attempt.@Nullable Group inHand;
    private final Deque<Attempt.Group> along = new ArrayDeque<>();
    private final Pass pass = new Pass();
    private boolean counted = true;
    private boolean standing = true;
    private boolean connected;
    private volatile boolean cut;
    private int answered;
    private int delivered;
    private final List<Long> times = new ArrayList<>(1);
    private boolean timed;
    private int taken;

    Worker(Site site, Dispatcher dispatcher, Completion completion, TimeSource time) {
        this.site = site;
        this.dispatcher = dispatcher;
        turns = dispatcher.turns();
        this.completion = completion;
        this.time = time;
        work = time.signal();
    }

    Site site() {
        return site;
    }

    /** Under the dispatcher's lock. */
    void goesTo(Site to) {
        site = to;
    }

    /** Gives it what it carries with; before it runs. */
    void carries(Carrier with) {
        carrier = with;
    }

    /** The thread's body. */
    void run() {
        Carrier with = carrier;
        if (with == null) {
            throw new IllegalStateException("a worker without a carrier");
        }
        try {
            inHand = turns.next(this);
            while (inHand != null) {
                boolean goesOn = carry(with, inHand);
                inHand = null;
                goesOn = goesOn && follow(with);
                inHand = goesOn ? turns.next(this) : null;
            }
        } catch (InterruptedException e) {
            // nobody does this to us; what is not settled stays in the spool
            turns.leaves(this);
        } catch (RuntimeException e) {
            completion.trouble(this + " broke: " + e);
            turns.leaves(this);
        } finally {
            abandon();
            with.quit();
            turns.gone(this);
        }
    }

    /** False when the worker is to end. */
    private boolean follow(Carrier with) {
        try {
            with.follow();
            return true;
        } catch (RuntimeException e) {
            broke(e);
            return false;
        }
    }

    /** What was taken along may have been delivered. */
    private void broke(RuntimeException failure) {
        while (!along.isEmpty()) {
            completion.broke(along.remove(), failure, credit);
        }
        turns.leaves(this);
    }

    @Override
    public Attempt.@Nullable Group more(Hop hop) {
        Attempt.Group group = turns.more(this, hop);
        while (group != null && group.attempt().isOver(time.now())) {
            completion.over(group, credit);
            group = turns.more(this, hop);
        }
        if (group != null) {
            along.add(group);
        }
        return group;
    }

    @Override
    public void done(Attempt.Group group) {
        along.remove(group);
        ended(group);
    }

    /** A group has its outcomes. */
    private void ended(Attempt.Group group) {
        Reply complaint = transacted(group);
        completion.done(group, credit);
        if (complaint != null) {
            complain(complaint);
        }
    }

    /** Recipients are left for its next turn. */
    private void partly(Attempt.Group group) {
        Reply complaint = transacted(group);
        if (complaint != null) {
            complain(complaint);
        }
        if (!turns.resume(this, group)) {
            completion.cut(group, credit);
        }
    }

    private @Nullable Reply transacted(Attempt.Group group) {
        if (group.isDelivered()) {
            delivered++;
        }
        return site.isStore() ? null : group.takeComplaint();
    }

    private void complain(Reply reply) {
        turns.complained(this, reply).forEach(each -> completion.done(each, credit));
    }

    @Override
    public void again(List<Attempt.Group> groups) {
        along.removeAll(groups);
        turns.again(this, groups).forEach(each -> completion.cut(each, credit));
    }

    /** Whatever ended the loop in the middle of an attempt: its delivery must not stay with us. */
    private void abandon() {
        along.forEach(
                each -> dispatcher.putBack(each.attempt().delivery(), Completion.BROKEN_PAUSE));
        along.clear();
        if (inHand != null) {
            dispatcher.putBack(inHand.attempt().delivery(), Completion.BROKEN_PAUSE);
            turns.leaves(this);
        }
    }

    /** False when the worker is to end. */
    private boolean carry(Carrier with, Attempt.Group group) {
        if (group.attempt().isOver(time.now())) {
            completion.over(group, credit);
            return true;
        }
        Carrier.Result result;
        boolean stands = connected;
        long begun = time.nanos();
        try {
            result = with.attempt(group);
        } catch (RuntimeException e) {
            completion.broke(group, e, credit);
            broke(e);
            return false;
        }
        if (stands && connected && group.isDelivered()) {
            times.add((time.nanos() - begun) / NANOS_EACH_MILLI);
        }
        switch (result) {
            case Carrier.Result.Done done -> {
                ended(group);
                return true;
            }
            case Carrier.Result.Partly partly -> {
                partly(group);
                return true;
            }
            case Carrier.Result.Unreachable unreachable -> {
                var deferred = turns.unreachable(this, group, unreachable);
                deferred.forEach(each -> completion.done(each, credit));
            }
            case Carrier.Result.Moved moved ->
                    dispatcher.moved(group).forEach(each -> completion.done(each, credit));
            case Carrier.Result.Cut stopped -> completion.cut(group, credit);
        }
        turns.leaves(this);
        return false;
    }

    /** Waits for work as long as the connection may idle; false when that time is over. */
    boolean awaitWork() throws InterruptedException {
        Carrier with = carrier;
        Duration patience = with == null ? Duration.ZERO : with.idleTimeout();
        return work.await(time.after(patience));
    }

    /** There is something worth keeping while no work is there. */
    boolean mayIdle() {
        Carrier with = carrier;
        return with != null && !with.idleTimeout().isZero();
    }

    void wake() {
        work.raise();
    }

    /** Ends what runs, at once. */
    void cut() {
        cut = true;
        Carrier with = carrier;
        if (with != null) {
            with.cut();
        }
    }

    /** What it was promised; guarded by the dispatcher's lock, as are the three below. */
    Pass pass() {
        return pass;
    }

    /** From when on something may go by it, as far as is known. */
    long nextMillis(long nowMillis) {
        long own = site.nextMillis(nowMillis);
        return own > nowMillis ? own : pass.nextMillis(rates(), nowMillis);
    }

    /** It waits: until when. */
    long waitMillis(long nowMillis) {
        long own = site.nextMillis(nowMillis);
        return own > nowMillis ? own : pass.waitMillis(rates(), nowMillis);
    }

    /** Something goes by it. */
    void goes(long nowMillis) {
        pass.use(site.common().messages(), nowMillis);
        if (!connected) {
            pass.useToConnect(site.common().connections(), nowMillis);
        }
    }

    private List<CommonRate> rates() {
        boolean connects = !connected && !pass.mayConnect();
        List<CommonRate> messages = site.common().messages();
        if (!connects || site.common().connections().isEmpty()) {
            return messages;
        }
        List<CommonRate> rates = new ArrayList<>(site.common().connections());
        rates.addAll(messages);
        return rates;
    }

    /** The site counts on it; guarded by the dispatcher's lock. */
    boolean isCounted() {
        return counted;
    }

    /** It has had as many groups as others may have to wait for, when there are others. */
    boolean hasHadItsTurn() {
        return taken >= TURN_GROUPS;
    }

    /** It gets a group. */
    void took() {
        taken++;
    }

    void uncount() {
        counted = false;
    }

    /** True if it had not left its site so far; guarded by the dispatcher's lock. */
    boolean takeStanding() {
        boolean was = standing;
        standing = false;
        return was;
    }

    /** True if its connection is still counted; guarded by the dispatcher's lock. */
    boolean takeConnected() {
        boolean was = connected;
        connected = false;
        return was;
    }

    /** Waits until the site's rate lets go what waits, or until it is woken. */
    void awaitTurn(Duration pause) throws InterruptedException {
        boolean unused = work.await(time.after(pause));
    }

    /** Whether it waits for the rate, so that it need not be woken; by the dispatcher's lock. */
    void timed(boolean waits) {
        timed = waits;
    }

    /** Guarded by the dispatcher's lock. */
    boolean isTimed() {
        return timed;
    }

    /** How long transactions took, over a connection that stood, since it was asked. */
    List<Long> takeTimes() {
        List<Long> taken = List.copyOf(times);
        times.clear();
        return taken;
    }

    /** Messages that were taken since it was asked. */
    int takeDelivered() {
        int count = delivered;
        delivered = 0;
        return count;
    }

    /** Messages that were answered since it was asked. */
    int takeAnswered() {
        int count = answered;
        answered = 0;
        return count;
    }

    @Override
    public void connected() {
        turns.connected(this);
    }

    @Override
    public void dialed(int times) {
        turns.dialed(this, times);
    }

    @Override
    public void disconnected() {
        turns.disconnected(this);
    }

    /** Marks the connection as counted; true if that is new. Guarded by the dispatcher's lock. */
    boolean putConnected() {
        boolean was = connected;
        connected = true;
        return !was;
    }

    @Override
    public boolean located(Hop hop, String at) {
        return turns.located(this, hop, at);
    }

    @Override
    public void lookedUp(Hop hop) {
        turns.lookedUp(hop);
    }

    @Override
    public void answered() {
        answered++;
    }

    @Override
    public String toString() {
        return "worker of " + site.key() + (cut ? ", cut" : "");
    }
}
