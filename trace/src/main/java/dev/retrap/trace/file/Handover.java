package dev.retrap.trace.file;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Between the machine's thread, which puts tasks in, and the writer's, which does them in order. The machine's thread
 * waits when there are many; the writer's sleeps until there are some or one is urgent, since waking a thread costs as
 * much as recording a hundred events.
 */
final class Handover {
    private static final int MOST = 16;
    private static final int SOME = 4;

    /** What the writer's thread does. */
    interface Task {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Task> tasks = new ArrayDeque<>();
    private final Deque<Draft> free = new ArrayDeque<>();
    private boolean urgent;
    private boolean abandoned;

    /** Machine's thread: something to do, now or when there is more. */
    void put(Task task, boolean now) {
        lock.lock();
        try {
            while (tasks.size() >= MOST && !abandoned) {
                changed.awaitUninterruptibly();
            }
            tasks.add(task);
            urgent |= now;
            if (now || tasks.size() >= SOME) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Machine's thread: a draft that nobody uses. */
    Draft draft() {
        lock.lock();
        try {
            return free.isEmpty() ? new Draft() : free.remove();
        } finally {
            lock.unlock();
        }
    }

    /** Writer's thread: waits for a task. */
    Task take() {
        lock.lock();
        try {
            if (tasks.isEmpty()) {
                urgent = false;
                while (!urgent && tasks.size() < SOME) {
                    changed.awaitUninterruptibly();
                }
            }
            Task task = tasks.remove();
            if (tasks.size() == MOST - 1) {
                changed.signalAll(); // the machine's thread may wait for room
            }
            return task;
        } finally {
            lock.unlock();
        }
    }

    /** Writer's thread: a draft is written. */
    void release(Draft draft) {
        lock.lock();
        try {
            free.add(draft);
        } finally {
            lock.unlock();
        }
    }

    /** Writer's thread: nobody will do tasks any more. */
    void abandon() {
        lock.lock();
        try {
            abandoned = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
