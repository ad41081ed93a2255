package dev.retrap.cpu.engine;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread that compiles, for all machines of the process; it ends when it has been idle for a while. */
final class Background {
    private static final int QUEUE = 16;
    private static final ThreadPoolExecutor EXECUTOR = executor();

    private Background() {}

    private static ThreadPoolExecutor executor() {
        ThreadPoolExecutor e = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), r -> {
            Thread t = new Thread(r, "region compiler");
            t.setDaemon(true);
            return t;
        });
        e.allowCoreThreadTimeOut(true);
        return e;
    }

    /** Runs a task soon; false if there are too many already. */
    static boolean submit(Runnable task) {
        try {
            EXECUTOR.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}
