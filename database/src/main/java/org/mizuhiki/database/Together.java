package org.mizuhiki.database;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Many small transactions as few large ones (group commit): whoever asks while others are being answered
/// waits for as long as these take, and goes with all who wait then. Alone, nobody waits. When a batch
/// fails, everybody in it asks alone, so that nobody fails for another's sake.
public final class Together<Q, A> {
    private final int most;
    private final int atOnce;
    private final Function<Q, String> apart;
    private final Function<List<Q>, List<A>> answering;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Waiting<Q, A>> waiting = new ArrayDeque<>();
    private int running;

    private record Waiting<Q, A>(Q question, CompletableFuture<A> answer) {}

    /// @param most in a batch
    /// @param atOnce batches under way
    /// @param apart of two questions for which this is the same, one goes with a later batch
    /// @param answering answers in the order of the questions, all of them or none
    public Together(int most, int atOnce, Function<Q, String> apart, Function<List<Q>, List<A>> answering) {
        this.most = most;
        this.atOnce = atOnce;
        this.apart = apart;
        this.answering = answering;
    }

    /// @throws RuntimeException what `answering` threw for this question alone; an error of its likewise
    public A ask(Q question) {
        var mine = new Waiting<Q, A>(question, new CompletableFuture<>());
        if (mustStart(mine)) {
            Thread.ofVirtual().name("together").start(this::answerAll);
        }
        try {
            return mine.answer().join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException own -> throw own;
                case Error own -> throw own;
                case null, default -> throw e;
            }
        }
    }

    private boolean mustStart(Waiting<Q, A> one) {
        lock.lock();
        try {
            waiting.add(one);
            boolean starts = running < atOnce;
            running += starts ? 1 : 0;
            return starts;
        } finally {
            lock.unlock();
        }
    }

    private void answerAll() {
        for (var batch = next(); !batch.isEmpty(); batch = next()) {
            answer(batch);
        }
    }

    private List<Waiting<Q, A>> next() {
        lock.lock();
        try {
            Map<String, Waiting<Q, A>> batch = new LinkedHashMap<>();
            for (var all = waiting.iterator(); all.hasNext() && batch.size() < most; ) {
                var one = all.next();
                if (batch.putIfAbsent(apart.apply(one.question()), one) == null) {
                    all.remove();
                }
            }
            running -= batch.isEmpty() ? 1 : 0;
            return List.copyOf(batch.values());
        } finally {
            lock.unlock();
        }
    }

    private void answer(List<Waiting<Q, A>> batch) {
        try {
            var answers = answering.apply(batch.stream().map(Waiting::question).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error e) { // whatever it is, nobody may wait for ever
            if (batch.size() > 1) {
                batch.forEach(one -> answer(List.of(one)));
            } else {
                batch.getFirst().answer().completeExceptionally(e);
            }
        }
    }
}
