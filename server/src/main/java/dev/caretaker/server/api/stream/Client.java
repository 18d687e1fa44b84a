package dev.caretaker.server.api.stream;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The receiving end of a stream. Sending blocks while the client does not keep up, so that what it has not read yet lies in
 * the control store and not in memory.
 */
final class Client<A> {
    private final ServerCallStreamObserver<A> observer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Must be made on the thread of the call, before the endpoint's method returns. */
    Client(ServerCallStreamObserver<A> observer) {
        this.observer = observer;
        observer.setOnReadyHandler(this::wake);
        observer.setOnCancelHandler(this::wake);
    }

    /** Waits until the client has room, then sends. False if the client is gone. */
    boolean send(A message) {
        lock.lock();
        try {
            while (!observer.isReady() && !observer.isCancelled()) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
        return sendNow(message);
    }

    /** Sends if the client has room. False if the client is gone. */
    boolean sendIfReady(A message) {
        return observer.isReady() ? sendNow(message) : !observer.isCancelled();
    }

    private boolean sendNow(A message) {
        if (!observer.isCancelled()) {
            observer.onNext(message);
        }
        return !observer.isCancelled();
    }

    void complete() {
        if (!observer.isCancelled()) {
            observer.onCompleted();
        }
    }

    void fail(StatusRuntimeException status) {
        if (!observer.isCancelled()) {
            observer.onError(status);
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
