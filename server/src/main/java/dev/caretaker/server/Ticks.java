package dev.caretaker.server;

import io.micronaut.context.BeanContext;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.BeanDefinitionReference;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.scheduling.processor.ScheduledMethodProcessor;
import jakarta.inject.Singleton;

/**
 * Beans that tick ({@link Scheduled}) are there before the server has started, and no tick begins once it stops. Else the first
 * tick makes its bean, of beans that a stop may have closed by then.
 *
 * <p>They are looked for here and not left to a processor of methods: the framework calls those for {@link Scheduled} in the
 * common pool, which on a machine with much to do comes to some of them when the server has long started.
 */
@Singleton
final class Ticks {
    private final BeanContext beans;
    private final ScheduledMethodProcessor ticks;

    Ticks(BeanContext beans, ScheduledMethodProcessor ticks) {
        this.beans = beans;
        this.ticks = ticks;
    }

    @EventListener
    void start(StartupEvent started) {
        for (BeanDefinitionReference<?> reference : beans.getBeanDefinitionReferences()) {
            if (reference.requiresMethodProcessing() && reference.isEnabled(beans)) {
                make(reference.load(beans));
            }
        }
    }

    private void make(BeanDefinition<?> definition) {
        boolean ticking =
                definition.getExecutableMethods().stream().anyMatch(method -> method.hasAnnotation(Scheduled.class));
        if (ticking && definition.isEnabled(beans)) {
            beans.getBean(definition);
        }
    }

    @EventListener
    void stop(ShutdownEvent stopped) {
        ticks.close();
    }
}
