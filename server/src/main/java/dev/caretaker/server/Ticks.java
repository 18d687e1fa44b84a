package dev.caretaker.server;

import io.micronaut.context.BeanContext;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.context.processor.ExecutableMethodProcessor;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.ExecutableMethod;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.scheduling.processor.ScheduledMethodProcessor;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Beans that tick ({@link Scheduled}) are there before the server has started, and no tick begins once it stops. Else the first
 * tick makes its bean, of beans that a stop may have closed by then.
 */
@Singleton
final class Ticks implements ExecutableMethodProcessor<Scheduled> {
    private final BeanContext beans;
    private final ScheduledMethodProcessor ticks;
    private final Set<BeanDefinition<?>> ticking = ConcurrentHashMap.newKeySet();

    Ticks(BeanContext beans, ScheduledMethodProcessor ticks) {
        this.beans = beans;
        this.ticks = ticks;
    }

    @Override
    public void process(BeanDefinition<?> definition, ExecutableMethod<?, ?> method) {
        ticking.add(definition);
    }

    @EventListener
    void start(StartupEvent started) {
        ticking.forEach(beans::getBean);
    }

    @EventListener
    void stop(ShutdownEvent stopped) {
        ticks.close();
    }
}
