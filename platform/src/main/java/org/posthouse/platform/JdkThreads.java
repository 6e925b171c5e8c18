package org.posthouse.platform;

/** Virtual threads, and daemon threads of the machine for what blocks. */
final class JdkThreads implements Threads {
    @Override
    public Task start(String name, Runnable body) {
        return JdkTask.start(Thread.ofVirtual().name(name), body);
    }

    @Override
    public Task startDedicated(String name, Runnable body) {
        return JdkTask.start(Thread.ofPlatform().daemon(true).name(name), body);
    }

    @Override
    public boolean isOwn() {
        return JdkTask.current() != null;
    }
}
