/* Two workers and the main thread, which waits for them. */
#include <pthread.h>
#include <stdio.h>

static __thread int mine;
static int sum;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void add(int n)
{
    pthread_mutex_lock(&mutex);
    sum += n;
    pthread_mutex_unlock(&mutex);
}

static void *work(void *argument)
{
    mine = (int)(long)argument;
    for (int i = 0; i < 1000; i++)
        add(mine);
    return NULL;
}

int main(void)
{
    pthread_t workers[2];

    for (long i = 0; i < 2; i++)
        pthread_create(&workers[i], NULL, work, (void *)(i + 1));
    for (int i = 0; i < 2; i++)
        pthread_join(workers[i], NULL);
    printf("sum %d\n", sum);
    return sum == 3000 ? 0 : 1;
}
