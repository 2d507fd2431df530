/* The tasks of the websocket thread. Their list is short: it is walked when one of them is due. See
 * websocket_task.h. */
#include "serve/websocket/websocket_inside.h"

static void link_task(struct websocket_hub *hub, struct websocket_task *task)
{
    task->is_started = true;
    task->previous = NULL;
    task->next = hub->tasks;
    if (task->next)
        task->next->previous = task;
    hub->tasks = task;
}

static void unlink_task(struct websocket_hub *hub, struct websocket_task *task)
{
    if (hub->next_task == task)
        hub->next_task = task->next;
    if (task->next)
        task->next->previous = task->previous;
    if (task->previous)
        task->previous->next = task->next;
    else
        hub->tasks = task->next;
    task->is_started = false;
}

/* Has the task run at `due`, or earlier if it was to. */
static void set_due(struct websocket_hub *hub, struct websocket_task *task, int64_t due)
{
    task->due = due;
    if (hub->next_due > due)
        hub->next_due = due;
}

void websocket_task_start(struct websocket_hub *hub, struct websocket_task *task)
{
    pthread_mutex_lock(&hub->lock);
    task->hub = hub;
    link_task(hub, task);
    set_due(hub, task, task->every_ms ? 0 : INT64_MAX);
    pthread_mutex_unlock(&hub->lock);
    websocket_hub_ring(hub);
}

void websocket_task_wake(struct websocket_task *task)
{
    struct websocket_hub *hub = task->hub;
    pthread_mutex_lock(&hub->lock);
    set_due(hub, task, 0);
    pthread_mutex_unlock(&hub->lock);
    websocket_hub_ring(hub);
}

void websocket_task_stop(struct websocket_task *task)
{
    struct websocket_hub *hub = task->hub;
    pthread_mutex_lock(&hub->lock);
    if (task->is_started)
        unlink_task(hub, task);
    pthread_mutex_unlock(&hub->lock);
}

/* When it runs next after a run now: late ones do not catch up. */
static int64_t next_due(const struct websocket_task *task, int64_t now)
{
    if (!task->every_ms)
        return INT64_MAX;
    int64_t due = task->due + task->every_ms;
    return due > now ? due : now + task->every_ms;
}

void websocket_task_run_due(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->next_task = NULL;
    if (hub->next_due <= hub->now) { /* perhaps of a task that was stopped: then nothing is due */
        hub->next_due = INT64_MAX;
        hub->next_task = hub->tasks;
    }
    while (hub->next_task) {
        struct websocket_task *task = hub->next_task;
        bool is_due = task->due <= hub->now;
        hub->next_task = task->next;
        set_due(hub, task, is_due ? next_due(task, hub->now) : task->due);
        if (!is_due)
            continue;
        pthread_mutex_unlock(&hub->lock);
        task->run(task, false);
        pthread_mutex_lock(&hub->lock);
    }
    pthread_mutex_unlock(&hub->lock);
}

void websocket_task_end(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    while (hub->tasks) {
        struct websocket_task *task = hub->tasks;
        unlink_task(hub, task);
        pthread_mutex_unlock(&hub->lock);
        task->run(task, true);
        pthread_mutex_lock(&hub->lock);
    }
    pthread_mutex_unlock(&hub->lock);
}
