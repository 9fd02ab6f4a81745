package org.mizuhiki.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("V1")
@Timeout(30)
class TogetherTest {
    private static List<String> answered(List<String> questions) {
        for (var question : questions) {
            if (question.startsWith("broken")) {
                throw new StackOverflowError(question);
            }
            if (question.startsWith("bad")) {
                throw new IllegalStateException(question);
            }
        }
        return questions.stream().map(q -> q + "!").toList();
    }

    @Test
    void whoeverMeetsAFailureIsAnsweredAllTheSame() throws Exception {
        var gate = new CountDownLatch(1);
        var sizes = new java.util.concurrent.ConcurrentLinkedQueue<Integer>();
        var together = new Together<String, String>(8, 1, q -> q, questions -> {
            await(gate);
            sizes.add(questions.size());
            return answered(questions);
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = List.of("a", "bad", "b", "broken", "c", "d", "e", "broken2", "bad2", "f");
            List<Future<String>> running = asked.stream()
                    .map(q -> threads.submit(() -> together.ask(q)))
                    .toList();
            gate.countDown();
            for (int i = 0; i < asked.size(); i++) {
                var question = asked.get(i);
                var answer = running.get(i);
                if (question.startsWith("b") && question.length() > 1) {
                    var failure = assertThrows(Exception.class, () -> answer.get(10, TimeUnit.SECONDS));
                    assertTrue(String.valueOf(failure.getCause()).endsWith(question), failure.toString());
                } else {
                    assertEquals(question + "!", answer.get(10, TimeUnit.SECONDS));
                }
            }
        }
        assertTrue(sizes.stream().anyMatch(s -> s > 1), "somebody went with others: " + sizes);
    }

    @Test
    void itGoesOnAfterErrors() {
        var together = new Together<String, String>(4, 1, q -> q, TogetherTest::answered);
        IntStream.range(0, 5).forEach(i -> assertThrows(StackOverflowError.class, () -> together.ask("broken" + i)));
        assertEquals("good!", together.ask("good"));
    }

    @Test
    void twoOfOneKindNeverGoTogether() throws Exception {
        var together = new Together<String, String>(8, 2, q -> q.substring(0, 1), questions -> {
            assertEquals(
                    questions.size(),
                    questions.stream().map(q -> q.substring(0, 1)).distinct().count());
            return answered(questions);
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(() -> together.ask((char) ('k' + i % 5) + "" + i)))
                    .toList();
            for (var one : running) {
                assertTrue(one.get(10, TimeUnit.SECONDS).endsWith("!"));
            }
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            assertTrue(gate.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
