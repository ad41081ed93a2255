/* Threads with TLS, a mutex, a condition, cancellation of the time slice, and FPU state of their own. */
#include <pthread.h>
#include <stdio.h>

#define THREADS 4
#define ROUNDS 5000

static __thread int mine;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_there = PTHREAD_COND_INITIALIZER;
static long sum;
static int there;

static void *run(void *argument)
{
    double x = 0;

    mine = (int)(long)argument;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        sum += mine;
        pthread_mutex_unlock(&mutex);
        x += 0.5 * mine;
    }
    pthread_mutex_lock(&mutex);
    there++;
    pthread_cond_broadcast(&all_there);
    while (there < THREADS)
        pthread_cond_wait(&all_there, &mutex);
    pthread_mutex_unlock(&mutex);
    return (void *)(long)(x == 0.5 * mine * ROUNDS ? mine : -1000);
}

int main(void)
{
    pthread_t threads[THREADS];
    long results = 0;

    for (long i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, run, (void *)(i + 1)))
            return 1;
    for (int i = 0; i < THREADS; i++) {
        void *result;

        pthread_join(threads[i], &result);
        results += (long)result;
    }
    printf("sum %ld, results %ld, main's own %d\n", sum, results, mine);
    return 0;
}
