package dev.caretaker.server.store;

import io.micronaut.aop.InterceptorBean;
import io.micronaut.aop.MethodInterceptor;
import io.micronaut.aop.MethodInvocationContext;
import io.micronaut.data.intercept.annotation.DataMethod;
import io.micronaut.data.intercept.annotation.DataMethod.OperationType;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes repositories behave as the rest of the control store: its exceptions, and a witness of what is written. */
@Singleton
@InterceptorBean(ControlStoreRepository.class)
final class RepositoryAdvice implements MethodInterceptor<Object, Object> {
    private final ControlStore store;

    RepositoryAdvice(ControlStore store) {
        this.store = store;
    }

    @Override
    public @Nullable Object intercept(MethodInvocationContext<Object, Object> call) {
        Optional<OperationType> statement =
                call.enumValue(DataMethod.class, DataMethod.META_MEMBER_OPERATION_TYPE, OperationType.class);
        if (statement.isEmpty()) {
            return call.proceed();
        }
        return switch (statement.get()) {
            case QUERY, COUNT, EXISTS -> ControlStore.translated(call::proceed);
            default -> store.written(call::proceed);
        };
    }
}
